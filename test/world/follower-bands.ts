/**
 * The number of followers of the user with this popularity rank, in bands modelled on SF-Bench's SocialModelV1. Half of
 * all users have 5 followers, the next quarter 50, the next tenth 100, and the next 13 % have 5 % of all users, at most
 * 1,000. The top 2 % are celebrities, each followed by 10 % of all users.
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
