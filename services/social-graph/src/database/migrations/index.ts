import { CreateSocialGraph1700000000001 } from './1700000000001-create-social-graph';
import { PartitionsOfTopic1700000000002 } from './1700000000002-partitions-of-topic';

/** In the order of execution. Released migrations never change. */
export const migrations = [CreateSocialGraph1700000000001, PartitionsOfTopic1700000000002];
