import type { UserId } from '../identifiers';
import { type Answer, type Message, message } from '../message';
import type { Source, WriteService } from '../topics';

const query = (pattern: string) => message<{ stream: UserId }, Answer<number>>(pattern);

/** The version of the newest event in a user's stream at each source; 0 for an empty stream. */
export const StreamVersion: Record<Source, Message<{ stream: UserId }, Answer<number>>> = {
  'social-graph': query('social-graph.stream-version'),
  activity: query('activity.stream-version'),
  'social-graph-private': query('social-graph.private-stream-version'),
  'activity-marks': query('activity.marks-stream-version'),
};

/** The same for all sources of a service. */
export const NewestVersions: Record<
  WriteService,
  Message<{ stream: UserId }, Answer<{ source: Source; version: number }[]>>
> = {
  'social-graph': message('social-graph.newest-versions'),
  activity: message('activity.newest-versions'),
};
