import { CreateActivity1700000000001 } from './1700000000001-create-activity';
import { LikesOfObject1700000000002 } from './1700000000002-likes-of-object';
import { PartitionsOfTopic1700000000003 } from './1700000000003-partitions-of-topic';
import { EditsOfObjects1700000000004 } from './1700000000004-edits-of-objects';
import { Shares1700000000005 } from './1700000000005-shares';
import { FillShares1700000000006 } from './1700000000006-fill-shares';
import { Mentions1700000000007 } from './1700000000007-mentions';
import { MentionsOfVersions1700000000008 } from './1700000000008-mentions-of-versions';
import { DeletedObjects1700000000010 } from './1700000000010-deleted-objects';
import { Comments1700000000011 } from './1700000000011-comments';
import { DeletedComments1700000000012 } from './1700000000012-deleted-comments';
import { Marks1700000000013 } from './1700000000013-marks';
import { IdempotencyKeys1700000000014 } from './1700000000014-idempotency-keys';

/** In the order of execution. Released migrations never change. */
export const migrations = [
  CreateActivity1700000000001,
  LikesOfObject1700000000002,
  PartitionsOfTopic1700000000003,
  EditsOfObjects1700000000004,
  Shares1700000000005,
  FillShares1700000000006,
  Mentions1700000000007,
  MentionsOfVersions1700000000008,
  DeletedObjects1700000000010,
  Comments1700000000011,
  DeletedComments1700000000012,
  Marks1700000000013,
  IdempotencyKeys1700000000014,
];
