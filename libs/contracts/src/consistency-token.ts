import { UserId } from './identifiers';
import { SOURCES, type Source } from './topics';

/** A position in a stream: a read that has applied it shows the write. Version 0 is before the first event. */
export interface StreamPosition {
  source: Source;
  stream: UserId;
  version: number;
}

const FORMAT = new RegExp(`^(${SOURCES.join('|')})\\.([1-9]\\d{0,9})\\.(0|[1-9]\\d{0,14})$`);

/** `activity.2.17`: the 17th event of user 2 in the activity service. Clients treat it as opaque. */
export const encodeToken = ({ source, stream, version }: StreamPosition): string => `${source}.${stream}.${version}`;

/** The position that `token` encodes; undefined if it is malformed. */
export function decodeToken(token: string): StreamPosition | undefined {
  const match = FORMAT.exec(token);
  const stream = UserId.safeParse(Number(match?.[2]));
  if (!match || !stream.success) return undefined;
  return { source: match[1] as Source, stream: stream.data, version: Number(match[3]) };
}
