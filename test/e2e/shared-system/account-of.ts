import type { ApiClient } from '../../harness/api-client';

/** What a user's writes change: whom they follow, and their activities, newest first. */
export async function accountOf(user: ApiClient) {
  const { follow_ids } = await user.me();
  return { follow_ids, activities: await user.wholeFeed('my', 200) };
}
