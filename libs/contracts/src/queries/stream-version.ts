import type { UserId } from '../identifiers';
import { type Answer, type Message, message } from '../message';
import { SOURCES, type Source } from '../topics';

/** The version of a user's newest event at a source; 0 when there is none. */
export const StreamVersion = Object.fromEntries(
  SOURCES.map((source) => [source, message(`${source}.stream-version`)]),
) as Record<Source, Message<{ stream: UserId }, Answer<number>>>;
