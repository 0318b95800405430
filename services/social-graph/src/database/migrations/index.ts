import { CreateSocialGraph1700000000001 } from './1700000000001-create-social-graph';
import { PartitionsOfTopic1700000000002 } from './1700000000002-partitions-of-topic';
import { FollowerCounts1700000000003 } from './1700000000003-follower-counts';
import { BlocksAndMutes1700000000004 } from './1700000000004-blocks-and-mutes';
import { PrivateAccounts1700000000005 } from './1700000000005-private-accounts';
import { SeveralKeys1700000000006 } from './1700000000006-several-keys';
import { IdempotencyKeys1700000000007 } from './1700000000007-idempotency-keys';
import { RateLimits1700000000008 } from './1700000000008-rate-limits';

/** In the order of execution. Released migrations never change. */
export const migrations = [
  CreateSocialGraph1700000000001,
  PartitionsOfTopic1700000000002,
  FollowerCounts1700000000003,
  BlocksAndMutes1700000000004,
  PrivateAccounts1700000000005,
  SeveralKeys1700000000006,
  IdempotencyKeys1700000000007,
  RateLimits1700000000008,
];
