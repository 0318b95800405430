import type { UserId } from '../identifiers';
import { type Answer, type Message, message } from '../message';
import { SOURCES, type Source } from '../topics';

/** The version of the newest event in a user's stream at each source; 0 for an empty stream. */
export const StreamVersion = Object.fromEntries(
  SOURCES.map((source) => [source, message(`${source}.stream-version`)]),
) as Record<Source, Message<{ stream: UserId }, Answer<number>>>;
