import {
  OBJECT_COMMANDS,
  type ObjectRef,
  type PostedRef,
  type PostedType,
  type User,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import type { Redis } from 'ioredis';
import { ActOnObjectHandler } from '../../services/activity/src/act-on-object/act-on-object.handler';
import { CommentOnObjectHandler } from '../../services/activity/src/comment-on-object/comment-on-object.handler';
import { migrations } from '../../services/activity/src/database/migrations';
import { DeleteObjectHandler } from '../../services/activity/src/delete-object/delete-object.handler';
import { KnownObjects } from '../../services/activity/src/find-object/known-objects';
import { LikeObjectHandler } from '../../services/activity/src/like-object/like-object.handler';
import { PostObjectHandler } from '../../services/activity/src/post-object/post-object.handler';
import { UndoActivityHandler } from '../../services/activity/src/undo-activity/undo-activity.handler';
import { patientRedis } from './patient-redis';
import { uniqueName } from './servers';
import { createTestDatabase, type TestDatabase } from './test-database';

const SHARE = { getPattern: () => OBJECT_COMMANDS.share.pattern };

/** The activity service's database and handlers in this process, without a relay. */
export class ActivityUnderTest {
  readonly knownObjects: KnownObjects;
  readonly events: EventStore;
  readonly posting: PostObjectHandler;
  readonly liking: LikeObjectHandler;
  readonly commenting: CommentOnObjectHandler;
  readonly undoing: UndoActivityHandler;
  readonly deleting: DeleteObjectHandler;
  private readonly acting: ActOnObjectHandler;

  private constructor(
    readonly database: TestDatabase,
    readonly redis: Redis,
  ) {
    this.knownObjects = new KnownObjects(redis, database.pool);
    this.events = new EventStore(database.pool, () => undefined);
    this.posting = new PostObjectHandler(this.events, this.knownObjects);
    this.commenting = new CommentOnObjectHandler(this.events, this.knownObjects);
    this.liking = new LikeObjectHandler(this.events, this.knownObjects);
    this.undoing = new UndoActivityHandler(this.events, this.knownObjects);
    this.deleting = new DeleteObjectHandler(this.events, database.pool, 30);
    this.acting = new ActOnObjectHandler(this.events, this.knownObjects);
  }

  static async open(given?: TestDatabase): Promise<ActivityUnderTest> {
    const database = given ?? (await createTestDatabase('postgres', migrations));
    return new ActivityUnderTest(database, patientRedis(`${uniqueName()}.`));
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.database.drop();
  }

  async post(actor: User, type: PostedType = 'photo', content = 'a'): Promise<PostedRef> {
    const answer = await this.posting.handle({ actor, type, content });
    if (!answer.ok) throw new Error(answer.code);
    return { type, id: answer.value.objectId };
  }

  async comment(actor: User, root: PostedRef, content = 'a', replyTo?: number): Promise<ObjectRef> {
    const answer = await this.commenting.handle({ actor, root, content, replyTo });
    if (!answer.ok) throw new Error(answer.code);
    return { type: 'comment', id: answer.value.objectId };
  }

  share(actor: User, object: ObjectRef): Promise<WriteAnswer> {
    return this.acting.handle({ actor, object }, SHARE);
  }
}
