import {
  type EventSource,
  isState,
  type Microseconds,
  type Source,
  toMicroseconds,
  type UserId,
} from '@activity-feed/contracts';
import type { IndexedActivity } from '../activity/activity';
import type { Effects, ObjectState } from '../activity/effects';
import type { IndexedNotice } from '../activity/notices';
import { keyOfObject } from '../activity/object-key';
import { toPosition } from '../activity/positions';
import { changeBy, type EndedRows } from './logged-change';
import type { Notifications } from './notifications';
import { hideAllBut, type StoredStream, type TakeBackSource, takeBack } from './queries/take-back';
import type { RecentLog } from './recent-log';
import type { Row } from './rows/activity-rows';
import type { FollowLists } from './rows/follow-lists';
import type { LatestStreams } from './rows/latest-streams';
import type { NewRow } from './rows/new-row';
import type { RecentChanges } from './rows/recent-changes';
import { DELETED, UNDONE } from './rows/row-segment';
import { markWhere } from './rows/scan-rows';
import type { TakenBackStreams } from './rows/taken-back-streams';
import { toRow } from './rows/to-row';
import type { UserTable } from './rows/user-table';
import type { Viewers } from './viewers';

const EVER = Number.NEGATIVE_INFINITY as Microseconds;

export interface ChangedIndex extends TakeBackSource {
  readonly follows: FollowLists;
  readonly takenBack: TakenBackStreams;
  readonly changes: RecentChanges;
  readonly viewers: Viewers;
  readonly notifications: Notifications;
  readonly latest: LatestStreams;
  readonly recentLog: RecentLog;
  addRow(row: NewRow): Row | undefined;
  addUser(id: number, name: string): void;
  setVersion(source: Source, stream: number, version: number): void;
}

/** Changes the index as the events of the log say. */
export class ApplyEffects {
  constructor(private readonly index: ChangedIndex) {}

  /**
   * Applies an event. A repeated event changes nothing. After a gap the event is not applied, and the stream must be
   * restored.
   */
  apply(effects: Effects): 'applied' | 'repeated' | 'gap' {
    const { index } = this;
    const { users, notifications, viewers } = index;
    const stream = users.number(effects.stream);
    const known = users.versionOf(stream, effects.source);
    if (effects.version <= known) return 'repeated';
    if (effects.version > known + 1 && !isState(effects.source)) return 'gap';
    for (const { id, name } of effects.users) index.addUser(id, name);
    const { activity, notices = [], takenBack, objectState, follow, hiding, account, endedRequest, marks } = effects;
    // After the activity: of an event that concerns a user twice, the notice counts.
    const rows = [...(activity ? [this.add(activity)] : []), ...notices.map((notice) => this.addNotice(notice))];
    if (objectState) this.change(stream, objectState);
    const ended: { takenBack?: Row[]; ended?: Row | undefined } = {};
    if (takenBack) {
      ended.takenBack = takeBack(index, takenBack);
      index.takenBack.note(stream, effects.version, toMicroseconds(takenBack.from));
    }
    if (follow) {
      const followee = users.number(follow.followeeId);
      index.follows.change(stream, followee, follow.following, effects.version);
      if (!follow.following) ended.ended = notifications.endFollow(stream, followee);
    }
    if (endedRequest) ended.ended = notifications.endRequest(stream, users.number(endedRequest.targetId));
    if (marks) notifications.setMarks(stream, marks);
    if (hiding) viewers.change(hiding);
    if (account) viewers.changeAccount(stream, account);
    users.setVersion(stream, effects.source, effects.version);
    index.latest.note(stream);
    this.noteInLog(effects, rows, ended);
    return 'applied';
  }

  /** Sets a stream to its state in the database. */
  restore(stored: StoredStream): void {
    const { index } = this;
    const { source, stream, version, activities, notices = [], objectStates, hidings, account } = stored;
    const user = index.users.number(stream);
    hideAllBut(index, user, stored);
    // Rows about deleted objects are in no list. They are added again.
    if (source === 'activity' && index.objects.hasAny) markWhere(index.rows, user, DELETED, UNDONE);
    for (const state of objectStates) this.change(user, state);
    for (const activity of activities) {
      if (!index.lists.contains(user, toPosition(activity))) this.add(activity);
    }
    if (source === 'social-graph') index.notifications.restoreFollows(user, activities);
    // Those that are there are replaced.
    for (const notice of notices) this.addNotice(notice);
    if (source === 'social-graph') index.follows.forget(user);
    if (account) index.viewers.loadAccount(user, account);
    if (source === 'social-graph-private') index.viewers.restore(user, hidings);
    index.setVersion(source, stream, version);
    // The missed events may have taken back, deleted or restored anything.
    if (source === 'activity') {
      index.takenBack.note(user, version, EVER);
      index.changes.noteLoaded();
    }
    index.latest.note(user);
  }

  private change(stream: number, { objectType, objectId, deleted, version }: ObjectState): void {
    const { objects, takenBack, changes, users } = this.index;
    const key = keyOfObject({ type: objectType, id: objectId });
    if (deleted) objects.delete(key, { user: stream, version });
    else objects.restore(key, { user: stream, version });
    // Its activities may be from any time.
    takenBack.note(stream, version, EVER);
    changes.note(users.idOf(stream) as UserId, version);
  }

  private add(activity: IndexedActivity): Row | undefined {
    return this.index.addRow({ ...toRow(this.index.users, activity), ended: activity.ended });
  }

  /** The target of a notice is the user whom it concerns. */
  private addNotice(notice: IndexedNotice): Row | undefined {
    const row = toRow(this.index.users, { ...notice, targetId: notice.userId });
    return this.index.addRow({ ...row, ended: notice.undone });
  }

  /** `added`: the rows of the event, undefined for those below the floor. */
  private noteInLog(effects: Effects, added: readonly (Row | undefined)[], ended: EndedRows): void {
    const { source, stream, partition, offset, time } = effects;
    if (partition === undefined || offset === undefined || time === undefined) return;
    const { users, recentLog, rows: all } = this.index;
    const change = changeBy(effects, users, (row) => all.timeOf(row), ended);
    if (added.length === 0 && !change) return;
    const rows = added.filter((row) => row !== undefined);
    const place = { source: source as EventSource, partition, offset };
    const below = rows.length < added.length ? concernedBy(effects, users) : undefined;
    recentLog.note({ place, time: toMicroseconds(time), actor: users.number(stream), rows, below, change });
  }
}

/** The numbers of the users whom an event concerns. */
export const concernedBy = ({ activity, notices = [] }: Effects, users: UserTable): number[] =>
  [activity?.targetId ?? [], notices.map(({ userId }) => userId)].flat().map((id) => users.number(id));
