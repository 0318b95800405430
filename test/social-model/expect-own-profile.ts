import type { WrittenWorld } from './written-world';

/**
 * Expects the profile of `follower` to show whether the user follows `followee`, at the next gateway in turn. Not if that
 * changes meanwhile.
 */
export async function expectShown(
  world: WrittenWorld,
  [follower, followee]: readonly [string, string],
  follows: boolean,
  isChanging: () => boolean,
): Promise<void> {
  const { id } = await world.client(followee).me();
  const { follow_ids } = await world.reader(follower).me();
  if (!isChanging()) expect({ follower, followee, follows: follow_ids.includes(id) }).toMatchObject({ follows });
}
