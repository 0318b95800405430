import { hashKey } from '@activity-feed/contracts';
import { v7 } from 'uuid';
import type { User } from '../../load/world/world.ts';
import { copyRows } from '../../world/copy-rows.ts';
import { reserveIds } from '../../world/reserve-ids.ts';
import type { BenchSystem } from '../bench-system.ts';
import { until } from '../measure/until.ts';
import { FOLLOWERS, SILENT_FOLLOWEES } from './section.ts';

/** Users who open streams. The first ones also write. */
export interface Audience {
  readonly users: readonly User[];
  readonly authors: number;
  /** The numbers of the users who follow an author, a number too. */
  followersOf(author: number): number[];
}

interface Member extends User {
  readonly id: number;
}

/** Coprime to the number of users who are not authors, so that a user's followees differ. */
const STEP = 97;

/**
 * Registers `count` users with keys and follows: writes the events and rows that the social graph would write. Each user follows
 * one author, so each author has 50 followers, and others who write nothing. Resolves when the feed has all of them.
 */
export async function writeAudience({ stores }: BenchSystem, count: number, signal: AbortSignal): Promise<Audience> {
  const client = stores.write['social-graph'];
  const authors = count / FOLLOWERS;
  const first = await reserveIds(client, 'user_ids', count);
  const members = Array.from({ length: count }, (_, index) => memberOf(first + index));
  const edges = members.flatMap((_, index) => followeesOf(index, count, authors).map((one) => [index, one] as const));
  const time = new Date().toISOString();
  const idOf = (index: number) => (members[index] as Member).id;
  const userOf = (index: number) => ({ id: idOf(index), name: (members[index] as Member).name });
  const versions = new Uint32Array(count);
  const event = (index: number, type: string, data: object) => {
    const version = ++(versions[index] as number);
    return [v7(), idOf(index), version, type, JSON.stringify({ actor: userOf(index), ...data }), time];
  };
  const events = [
    ...members.map((_, index) => event(index, 'social-graph.user-registered.v1', {})),
    ...edges.map(([index, one]) => event(index, 'social-graph.user-followed.v1', { target: userOf(one) })),
  ];
  await client.query('BEGIN');
  await copyRows(
    client,
    'users',
    ['id', 'name', 'created_at', 'updated_at'],
    members.map(({ id, name }) => [id, name, time, time]),
  );
  await copyRows(
    client,
    'keys',
    ['key_hash', 'user_id', 'created_at'],
    members.map(({ id, key }) => [hashKey(key), id, time]),
  );
  await copyRows(
    client,
    'follows',
    ['follower_id', 'followee_id', 'since'],
    edges.map(([index, one]) => [idOf(index), idOf(one), time]),
  );
  await copyRows(client, 'events', ['event_id', 'stream', 'version', 'type', 'data', 'time'], events);
  await client.query('COMMIT');
  const known = 'SELECT count(*)::int AS count FROM follows WHERE follower_id BETWEEN $1 AND $2';
  const areKnown = async () =>
    (await stores.feed.query(known, [first, first + count - 1])).rows[0].count >= edges.length;
  await until(areKnown, signal, 100);
  for (const one of [client, stores.feed]) await one.query('ANALYZE');
  const indexes = members.map((_, index) => index);
  return {
    users: members,
    authors,
    followersOf: (author) => indexes.filter((index) => authorOf(index, authors) === author),
  };
}

const memberOf = (id: number): Member => ({ id, name: `viewer-${id}`, key: `key-of-viewer-${id}` });

/** Not the user, not even of an author. */
const authorOf = (index: number, authors: number) => (index + 1) % authors;

function followeesOf(index: number, count: number, authors: number): number[] {
  const others = count - authors;
  const silent = Array.from(
    { length: SILENT_FOLLOWEES + 1 },
    (_, place) => authors + ((index + (place + 1) * STEP) % others),
  );
  return [authorOf(index, authors), ...silent.filter((one) => one !== index).slice(0, SILENT_FOLLOWEES)];
}
