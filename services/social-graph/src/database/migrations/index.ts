import { CreateSocialGraph1700000000001 } from './1700000000001-create-social-graph';

/** In the order in which they are applied; released ones never change. */
export const migrations = [CreateSocialGraph1700000000001];
