/**
 * How many followers the user of a popularity rank has, in bands after SF-Bench's SocialModelV1: half of all users have
 * 5, the next quarter 50, the next tenth 100, then 5 % of all users but no more than 1,000, and the first 2 % are
 * celebrities with 10 % of all users.
 */
export function followersOf(rank: number, users: number): number {
  const share = rank / users;
  return Math.min(bandOf(share, users), users - 1);
}

function bandOf(share: number, users: number): number {
  if (share < 0.02) return Math.max(Math.round(users * 0.1), 1);
  if (share < 0.15) return Math.min(Math.round(users * 0.05), 1_000);
  if (share < 0.25) return 100;
  if (share < 0.5) return 50;
  return 5;
}
