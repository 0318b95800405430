import type { ErrorCode, FeedEntry, ObjectType, Verb } from '@activity-feed/contracts';
import { ObjectModel } from './object-model';

export type UntimedEntry = Omit<FeedEntry, 'time'>;

interface Done {
  readonly entry: UntimedEntry;
  /** The object, and the comment that was added to it: the entry is shown while they are living. */
  readonly about: readonly string[];
}

/** The reference for the API: the answers to writes and the resulting feeds. */
export class SocialModel {
  readonly objects = new ObjectModel();
  private readonly likers = new Map<string, Set<string>>();
  /** Who shared an object, as often as they did. */
  private readonly sharers = new Map<string, string[]>();
  private readonly follows = new Map<string, Set<string>>();
  private readonly done = new Map<string, Done[]>();

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
    return [...this.followed(actor)];
  }

  followersOf(name: string): string[] {
    return [...this.follows].filter(([, followed]) => followed.has(name)).map(([follower]) => follower);
  }

  /** Newest first. */
  myFeed(actor: string): UntimedEntry[] {
    const isShown = ({ about }: Done) => about.every((object) => this.objects.isLiving(object));
    return (this.done.get(actor) ?? [])
      .filter(isShown)
      .map(({ entry }) => entry)
      .reverse();
  }

  // What the API answers. `isLiving`: whether the object is, while it is being deleted or restored.

  answerToLike(actor: string, object: string, isLiving = this.objects.isLiving(object)): string {
    if (!isLiving) return 'OBJECT_NOT_FOUND' satisfies ErrorCode;
    return this.likersOf(object).has(actor) ? 'Already liked' : 'Activity recorded';
  }

  answerToShare(_actor: string, object: string, isLiving = this.objects.isLiving(object)): string {
    return isLiving ? 'Activity recorded' : ('OBJECT_NOT_FOUND' satisfies ErrorCode);
  }

  /** Whoever has liked an object can take that back, also when it is deleted. */
  answerToUnlike(actor: string, object: string, isLiving = this.objects.isLiving(object)): string {
    if (this.likersOf(object).has(actor)) return 'Like removed';
    return isLiving ? 'Not liked' : ('OBJECT_NOT_FOUND' satisfies ErrorCode);
  }

  answerToUnshare(actor: string, object: string, isLiving = this.objects.isLiving(object)): string {
    if (this.sharersOf(object).includes(actor)) return 'Share removed';
    return isLiving ? 'Not shared' : ('OBJECT_NOT_FOUND' satisfies ErrorCode);
  }

  answerToComment(root: string, replyTo: string | undefined): string {
    if (!this.objects.isLiving(root)) return 'OBJECT_NOT_FOUND' satisfies ErrorCode;
    if (replyTo === undefined) return 'Activity recorded';
    const isValid = this.objects.rootOf(replyTo) === root && this.objects.isLiving(replyTo);
    return isValid ? 'Activity recorded' : ('REPLY_INVALID' satisfies ErrorCode);
  }

  // What has happened.

  posted(actor: string, object: string, content: string): void {
    this.objects.add(object, actor, content);
    this.record(actor, 'post', object, null);
  }

  /** `replyTo`: the name of the comment that it replies to. */
  commented(actor: string, root: string, comment: string, content: string, replyTo: string | undefined): void {
    const thread = replyTo === undefined ? null : (this.objects.placeOf(replyTo)?.thread ?? replyTo);
    this.objects.add(comment, actor, content, { root, thread, replyTo: replyTo ?? null });
    this.record(actor, 'comment', root, this.objects.ownerOf(root), comment);
  }

  liked(actor: string, object: string): void {
    this.likers.set(object, new Set([...this.likersOf(object), actor]));
    this.record(actor, 'like', object, this.objects.ownerOf(object));
  }

  shared(actor: string, object: string): void {
    this.sharers.set(object, [...this.sharersOf(object), actor]);
    this.record(actor, 'share', object, this.objects.ownerOf(object));
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

  follow(actor: string, other: string): string {
    if (this.followed(actor).has(other)) return 'Already followed';
    this.followed(actor).add(other);
    this.record(actor, 'follow', null, other);
    return 'User followed';
  }

  unfollow(actor: string, other: string): string {
    if (!this.followed(actor).delete(other)) return 'Not followed';
    this.record(actor, 'unfollow', null, other);
    return 'User unfollowed';
  }

  private takeBack(actor: string, verb: Verb, object: string): void {
    const isKept = ({ entry, about: [first] }: Done) => entry.verb !== verb || first !== object;
    this.done.set(actor, (this.done.get(actor) ?? []).filter(isKept));
  }

  private followed(actor: string): Set<string> {
    const followed = this.follows.get(actor) ?? new Set();
    this.follows.set(actor, followed);
    return followed;
  }

  /** `added`: the comment that was added to `object`. */
  private record(
    actor_name: string,
    verb: Verb,
    object: string | null,
    target_name: string | null,
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
    this.done.set(actor_name, [...(this.done.get(actor_name) ?? []), { entry, about }]);
  }
}
