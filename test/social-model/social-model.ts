import type { ErrorCode, FeedEntry, ObjectType, Verb } from '@activity-feed/contracts';
import { Accounts } from './accounts';
import { HiddenUsers } from './hidden-users';
import { type Happening, NotificationModel } from './notification-model';
import { ObjectModel } from './object-model';

export type UntimedEntry = Omit<FeedEntry, 'time'>;

/** As for the feed: what comes by itself, or what a viewer goes and looks at. */
export type Attention = 'asked' | 'unasked';

export interface Done {
  readonly entry: UntimedEntry;
  /** The object, and the comment that was added to it: the entry is shown while they are living. */
  readonly about: readonly string[];
  /** Of the write, which tells its event. */
  readonly token: string;
  /** Counts what is done, in the order in which it arrives. */
  readonly number: number;
}

/** The reference for the API: the answers to writes and the resulting feeds. */
export class SocialModel {
  readonly hidden = new HiddenUsers();
  readonly accounts = new Accounts((user, other) => this.isFollowing(user, other));
  readonly objects = new ObjectModel((owner, viewer) => this.isHidden(owner, viewer));
  readonly notifications = new NotificationModel((viewer, happening) => this.isNotified(viewer, happening));
  /** The time of each event, by the token of its write: for the days of notifications. */
  times: ReadonlyMap<string, string> = new Map();
  private readonly mentioned = new Map<string, Set<string>>();
  private readonly likers = new Map<string, Set<string>>();
  /** Who shared an object, as often as they did. */
  private readonly sharers = new Map<string, string[]>();
  private readonly follows = new Map<string, { holds: boolean; version: number }>();
  private readonly done = new Map<string, Done[]>();
  private recorded = 0;

  /** How much was done so far: what comes later is newer. */
  get count(): number {
    return this.recorded;
  }

  likersOf(object: string): ReadonlySet<string> {
    return this.likers.get(object) ?? new Set();
  }

  sharersOf(object: string): readonly string[] {
    return this.sharers.get(object) ?? [];
  }

  /** The objects that `actor` has liked or shared, also those that are deleted. */
  objectsOf(verb: 'like' | 'share', actor: string): string[] {
    const has = (object: string) =>
      verb === 'like' ? this.likersOf(object).has(actor) : this.sharersOf(object).includes(actor);
    return this.objects.names().filter(has);
  }

  followees(actor: string): string[] {
    return this.edges().flatMap(([follower, followee]) => (follower === actor ? followee : []));
  }

  followersOf(name: string): string[] {
    return this.edges().flatMap(([follower, followee]) => (followee === name ? follower : []));
  }

  /** Whether the activities and objects of `user` are hidden from `viewer`. */
  isHidden(user: string, viewer: string): boolean {
    return this.hidden.areApart(viewer, user) || this.accounts.isClosedTo(user, viewer);
  }

  /**
   * Those of the followers or followees of `user` whom `viewer` sees. Users see all of their own; nobody else sees those of a
   * private account, or private accounts among others, unless they follow them.
   */
  listedFor(viewer: string, user: string, users: readonly string[]): string[] {
    if (viewer !== user && this.isHidden(user, viewer)) return [];
    return users.filter((one) => (viewer === user ? !this.hidden.areApart(viewer, one) : !this.isHidden(one, viewer)));
  }

  private isFollowing(actor: string, other: string): boolean {
    return this.follows.get(`${actor} ${other}`)?.holds === true;
  }

  private edges(): [string, string][] {
    return [...this.follows].flatMap(([pair, { holds }]) => (holds ? [pair.split(' ') as [string, string]] : []));
  }

  /** What `actor` did and `viewer` may see, newest first. */
  feedOf(actor: string, viewer: string, attention: Attention): Done[] {
    return this.livingOf(actor)
      .filter((done) => this.isVisible(done, viewer, attention))
      .reverse();
  }

  /** What is in a feed and was done after `count` others: `actors` are those of the feed. */
  newer(actors: readonly string[], viewer: string, attention: Attention, count: number): Done[] {
    return actors.flatMap((actor) => this.feedOf(actor, viewer, attention)).filter(({ number }) => number >= count);
  }

  /** What `actor` did that is about no deleted object, oldest first. */
  livingOf(actor: string): Done[] {
    return (this.done.get(actor) ?? []).filter(({ about }) => about.every((object) => this.objects.isLiving(object)));
  }

  /** The rule of who sees what: whether `viewer` may see what somebody did about something of the owners. */
  private isVisible({ entry, about }: Done, viewer: string, attention: Attention): boolean {
    const owners = about.flatMap((object) => this.objects.ownersOf(object));
    const involved = [entry.actor_name, entry.target_name ?? [], owners].flat();
    if (involved.some((user) => this.isHidden(user, viewer))) return false;
    if (attention === 'asked') return true;
    if (involved.some((user) => this.hidden.hasMuted(viewer, user, null))) return false;
    return entry.verb !== 'share' || !this.hidden.hasMuted(viewer, entry.actor_name, 'shares');
  }

  /** The same rule for what concerns `viewer`. Whoever follows, or asks to, may have a private account. */
  private isNotified(viewer: string, { verb, actor, object, comment }: Happening): boolean {
    if (object === null) return !this.hidden.areApart(viewer, actor) && !this.hidden.hasMuted(viewer, actor, null);
    const about = [object, comment ?? []].flat();
    if (!about.every((one) => this.objects.isLiving(one))) return false;
    const involved = [actor, ...about.flatMap((one) => this.objects.ownersOf(one))];
    if (involved.some((user) => this.isHidden(user, viewer) || this.hidden.hasMuted(viewer, user, null))) return false;
    return verb !== 'share' || !this.hidden.hasMuted(viewer, actor, 'shares');
  }

  // What the API answers. `isOpen`: whether the object exists for `actor`, while it or a block is being changed.

  answerToLike(actor: string, object: string, isOpen = this.objects.isOpenTo(object, actor)): string {
    if (!isOpen) return 'OBJECT_NOT_FOUND' satisfies ErrorCode;
    return this.likersOf(object).has(actor) ? 'Already liked' : 'Activity recorded';
  }

  answerToShare(actor: string, object: string, isOpen = this.objects.isOpenTo(object, actor)): string {
    return isOpen ? 'Activity recorded' : ('OBJECT_NOT_FOUND' satisfies ErrorCode);
  }

  /** Whoever has liked an object can take that back, also when it is deleted or hidden. */
  answerToUnlike(actor: string, object: string, isOpen = this.objects.isOpenTo(object, actor)): string {
    if (this.likersOf(object).has(actor)) return 'Like removed';
    return isOpen ? 'Not liked' : ('OBJECT_NOT_FOUND' satisfies ErrorCode);
  }

  answerToUnshare(actor: string, object: string, isOpen = this.objects.isOpenTo(object, actor)): string {
    if (this.sharersOf(object).includes(actor)) return 'Share removed';
    return isOpen ? 'Not shared' : ('OBJECT_NOT_FOUND' satisfies ErrorCode);
  }

  answerToComment(actor: string, root: string, replyTo: string | undefined): string {
    const { objects } = this;
    if (!objects.isOpenTo(root, actor)) return 'OBJECT_NOT_FOUND' satisfies ErrorCode;
    if (replyTo === undefined) return 'Activity recorded';
    const isValid = objects.rootOf(replyTo) === root && objects.isOpenTo(replyTo, actor);
    return isValid ? 'Activity recorded' : ('REPLY_INVALID' satisfies ErrorCode);
  }

  answerToFollow(actor: string, other: string): string {
    if (this.hidden.areApart(actor, other)) return 'USER_NOT_FOUND' satisfies ErrorCode;
    if (this.isFollowing(actor, other)) return 'Already followed';
    if (this.accounts.hasRequested(actor, other)) return 'Already requested';
    return this.accounts.isPrivate(other) ? 'Follow requested' : 'User followed';
  }

  answerToUnfollow(actor: string, other: string): string {
    if (this.isFollowing(actor, other)) return 'User unfollowed';
    if (this.accounts.hasRequested(actor, other)) return 'Request withdrawn';
    return this.hidden.hasBlocked(other, actor) ? ('USER_NOT_FOUND' satisfies ErrorCode) : 'Not followed';
  }

  answerToRemove(actor: string, follower: string): string {
    if (this.isFollowing(follower, actor)) return 'Follower removed';
    return this.hidden.hasBlocked(follower, actor) ? ('USER_NOT_FOUND' satisfies ErrorCode) : 'Not a follower';
  }

  answerToRequest(verb: 'accept' | 'decline', actor: string, requester: string): string {
    if (this.accounts.hasRequested(requester, actor))
      return verb === 'accept' ? 'Request accepted' : 'Request declined';
    return this.hidden.hasBlocked(requester, actor) ? ('USER_NOT_FOUND' satisfies ErrorCode) : 'No request';
  }

  // What has happened.

  posted(actor: string, object: string, content: string, token = ''): void {
    this.objects.add(object, actor, content);
    this.record(actor, 'post', object, null, token);
    this.notify(token, this.mentionedIn(actor, object, content));
  }

  /** `replyTo`: the name of the comment that it replies to. */
  commented(
    actor: string,
    root: string,
    comment: string,
    content: string,
    replyTo: string | undefined,
    token = '',
  ): void {
    const thread = replyTo === undefined ? null : (this.objects.placeOf(replyTo)?.thread ?? replyTo);
    this.objects.add(comment, actor, content, { root, thread, replyTo: replyTo ?? null });
    const user = this.objects.ownerOf(root);
    this.record(actor, 'comment', root, user, token, comment);
    this.notify(token, [
      ...(replyTo === undefined
        ? []
        : [{ user: this.objects.ownerOf(replyTo), verb: 'reply' as const, actor, object: replyTo, comment }]),
      ...this.mentionedIn(actor, comment, content),
      { user, verb: 'comment', actor, object: root, comment },
    ]);
  }

  edited(actor: string, object: string, content: string, token: string): void {
    this.objects.edited(object, content);
    this.notify(token, this.mentionedIn(actor, object, content));
  }

  /** Those whom no earlier version mentioned. Users who do not exist for the actor are not mentioned. */
  private mentionedIn(actor: string, object: string, content: string): Concerned[] {
    const before = this.mentioned.get(object) ?? new Set();
    const names = [...content.matchAll(/@(\w+)/g)].flatMap(([, name]) => name ?? []);
    const found = names.filter((name) => !this.hidden.areApart(actor, name) && !before.has(name));
    this.mentioned.set(object, new Set([...before, ...found]));
    return found.map((user) => ({ user, verb: 'mention', actor, object }));
  }

  liked(actor: string, object: string, token = ''): void {
    this.likers.set(object, new Set([...this.likersOf(object), actor]));
    const user = this.objects.ownerOf(object);
    this.record(actor, 'like', object, user, token);
    this.notify(token, [{ user, verb: 'like', actor, object }]);
  }

  shared(actor: string, object: string, token = ''): void {
    this.sharers.set(object, [...this.sharersOf(object), actor]);
    const user = this.objects.ownerOf(object);
    this.record(actor, 'share', object, user, token);
    this.notify(token, [{ user, verb: 'share', actor, object }]);
  }

  unliked(actor: string, object: string): void {
    this.likers.set(object, new Set([...this.likersOf(object)].filter((name) => name !== actor)));
    this.takeBack(actor, 'like', object);
  }

  unshared(actor: string, object: string): void {
    this.sharers.set(
      object,
      this.sharersOf(object).filter((name) => name !== actor),
    );
    this.takeBack(actor, 'share', object);
  }

  /** `accepted`: `other` has accepted a request. */
  followed(actor: string, other: string, token = '', accepted = false): void {
    this.changeFollow(actor, other, true, token);
    this.record(actor, 'follow', null, other, token);
    this.notify(token, [
      { user: other, verb: 'follow', actor, object: null },
      ...(accepted ? [{ user: actor, verb: 'accept' as const, actor: other, object: null }] : []),
    ]);
  }

  /** A request and its end may be reported in any order, and repeatedly. */
  requested(actor: string, other: string, holds: boolean, token: string): void {
    if (!this.accounts.requested(actor, other, holds, versionOf(token))) return;
    if (holds) this.notify(token, [{ user: other, verb: 'request', actor, object: null }]);
    else this.notifications.tookBack('request', actor, { user: other });
  }

  unfollowed(actor: string, other: string, token = ''): void {
    this.changeFollow(actor, other, false, token);
    this.record(actor, 'unfollow', null, other, token);
  }

  /** A block has ended the follow, or its target, which is no activity. */
  followEnded(actor: string, other: string, token: string): void {
    this.changeFollow(actor, other, false, token);
  }

  /** A follow and the block that ends it may be reported in any order. */
  private changeFollow(actor: string, other: string, holds: boolean, token: string): void {
    const version = versionOf(token);
    const known = this.follows.get(`${actor} ${other}`);
    if (known && version < known.version) return;
    this.follows.set(`${actor} ${other}`, { holds, version });
    if (!holds) this.notifications.tookBack('follow', actor, { user: other });
  }

  private takeBack(actor: string, verb: 'like' | 'share', object: string): void {
    this.notifications.tookBack(verb, actor, { object });
    const isKept = ({ entry, about: [first] }: Done) => entry.verb !== verb || first !== object;
    this.done.set(actor, (this.done.get(actor) ?? []).filter(isKept));
  }

  private notify(token: string, concerned: readonly Concerned[]): void {
    const dayOf = () => (this.times.get(token) ?? '').slice(0, 'YYYY-MM-DD'.length);
    this.notifications.happened(
      concerned.map((one) => ({
        ...one,
        get day() {
          return dayOf();
        },
      })),
    );
  }

  /** `added`: the comment that was added to `object`. */
  private record(
    actor_name: string,
    verb: Verb,
    object: string | null,
    target_name: string | null,
    token: string,
    added?: string,
  ): void {
    const [type, id] = object?.split(':') ?? [];
    const entry = {
      actor_name,
      verb,
      object_id: id ? Number(id) : null,
      object_type: (type ?? null) as ObjectType | null,
      ...(added !== undefined && { comment_id: Number(added.slice('comment:'.length)) }),
      target_name,
    };
    const about = [object ?? [], added ?? []].flat();
    this.done.set(actor_name, [...(this.done.get(actor_name) ?? []), { entry, about, token, number: this.recorded++ }]);
  }
}

type Concerned = Omit<Happening, 'day'>;

const versionOf = (token: string) => Number(token.split('.')[2] ?? 0);
