import { CreateActivity1700000000001 } from './1700000000001-create-activity';

/** In the order in which they are applied; released ones never change. */
export const migrations = [CreateActivity1700000000001];
