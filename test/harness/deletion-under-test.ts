import { type By, type ObjectRef, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { EditObjectHandler } from '../../services/activity/src/edit-object/edit-object.handler';
import { FindCommentsHandler } from '../../services/activity/src/find-comments/find-comments.handler';
import { FindHistoryHandler } from '../../services/activity/src/find-history/find-history.handler';
import { FindLikesAndSharesHandler } from '../../services/activity/src/find-likes-and-shares/find-likes-and-shares.handler';
import { FindObjectHandler } from '../../services/activity/src/find-object/find-object.handler';
import { RemoveVersionHandler } from '../../services/activity/src/remove-version/remove-version.handler';
import { ActivityUnderTest } from './activity-under-test';
import { wronglyDeleted } from './deleted-objects';
import { wrongLikesAndShares } from './likes-and-shares';

export const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
export const owner = user(1);
export const fan = user(2);

/** The activity service in this process, to delete, restore and read objects. */
export class DeletionUnderTest {
  readonly editing: EditObjectHandler;
  readonly removing: RemoveVersionHandler;
  readonly finding: FindObjectHandler;
  readonly listing: FindLikesAndSharesHandler;
  private readonly history: FindHistoryHandler;
  private readonly comments: FindCommentsHandler;

  private constructor(readonly activity: ActivityUnderTest) {
    const { events, knownObjects, database } = activity;
    this.editing = new EditObjectHandler(events, knownObjects);
    this.removing = new RemoveVersionHandler(events, knownObjects);
    this.finding = new FindObjectHandler(database.pool);
    this.listing = new FindLikesAndSharesHandler(database.pool);
    this.history = new FindHistoryHandler(database.pool);
    this.comments = new FindCommentsHandler(database.pool);
  }

  static async open(): Promise<DeletionUnderTest> {
    return new DeletionUnderTest(await ActivityUnderTest.open());
  }

  remove = (object: ObjectRef, by: By = owner) => this.activity.deleting.delete({ object, by });
  restore = (object: ObjectRef, by: By = owner) => this.activity.deleting.restore({ object, by });
  like = (object: ObjectRef, actor = fan) => this.activity.liking.handle({ actor, object });

  /** Lets the time to restore pass. */
  expire({ type, id }: ObjectRef) {
    return this.activity.database.pool.query(
      `UPDATE objects SET restorable_until = now() - interval '1 second' WHERE type = $1 AND id = $2`,
      [type, id],
    );
  }

  async eventsOf({ type, id }: ObjectRef, { id: stream } = owner) {
    const { rows } = await this.activity.database.pool.query(
      `SELECT version::int, type, data, ${sqlEventTime('time')} AS time FROM events
       WHERE stream = $1 AND data #>> '{object,type}' = $2 AND (data #>> '{object,id}')::bigint = $3 ORDER BY version`,
      [stream, type, id],
    );
    return rows;
  }

  /** What every kind of read returns to `reader`. */
  async readsOf(object: ObjectRef, { id: reader }: User) {
    const page = { object, reader, limit: 50 };
    return [
      await this.finding.handle({ object, reader }),
      await this.listing.likes(page),
      await this.listing.shares(page),
      await this.history.handle(page),
      await this.comments.handle({ ...page, order: 'oldest' }),
    ];
  }

  /** Rows that the events do not account for. */
  async wrongRows(): Promise<unknown[]> {
    const { pool } = this.activity.database;
    return [...(await wrongLikesAndShares(pool)), ...(await wronglyDeleted(pool))];
  }

  close(): Promise<void> {
    return this.activity.close();
  }
}
