import { CreateFeed1700000000001 } from './1700000000001-create-feed';

/** In the order in which they are applied; released ones never change. */
export const migrations = [CreateFeed1700000000001];
