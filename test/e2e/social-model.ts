import type { FeedEntry, ObjectType, Verb } from '@activity-feed/contracts';

type UntimedEntry = Omit<FeedEntry, 'time'>;

/** A minimal model of the API: the answers to writes and the resulting feeds. */
export class SocialModel {
  private readonly owners = new Map<string, string>();
  private readonly deleted = new Set<string>();
  /** Objects whose deletion was requested at least once: a write about them that arrives at the same time may be refused. */
  private readonly doubtful = new Set<string>();
  /** What each comment hangs on. */
  private readonly roots = new Map<string, string>();
  private readonly likers = new Map<string, Set<string>>();
  /** Who shared an object, as often as they did. */
  private readonly sharers = new Map<string, string[]>();
  /** The comments on an object with the thread that each is listed in, by their names. */
  private readonly comments = new Map<string, Map<string, string | null>>();
  private readonly follows = new Map<string, Set<string>>();
  private readonly done = new Map<string, UntimedEntry[]>();

  objects(): string[] {
    return [...this.owners.keys()];
  }

  living(): string[] {
    return this.objects().filter((object) => this.isLiving(object));
  }

  /** What a comment hangs on; undefined for other objects. */
  rootOf(comment: string): string | undefined {
    return this.roots.get(comment);
  }

  ownerOf(object: string): string {
    return this.owners.get(object) as string;
  }

  likersOf(object: string): Set<string> {
    return this.likers.get(object) ?? new Set();
  }

  sharersOf(object: string): string[] {
    return this.sharers.get(object) ?? [];
  }

  /** A comment on a deleted object is as if deleted itself. */
  isLiving(object: string): boolean {
    return !this.deleted.has(object) && !this.deleted.has(this.roots.get(object) ?? '');
  }

  isDeleted(object: string): boolean {
    return this.deleted.has(object);
  }

  isDoubtful(object: string): boolean {
    return this.doubtful.has(object) || this.doubtful.has(this.roots.get(object) ?? '');
  }

  doubt(object: string): void {
    this.doubtful.add(object);
  }

  remove(object: string): void {
    this.deleted.add(object);
  }

  restore(object: string): void {
    this.deleted.delete(object);
  }

  /** A random object of `actor` that is living or, if requested, deleted; undefined if there is none. */
  anyOwn(actor: string, deleted: boolean, random: (below: number) => number): string | undefined {
    const own = this.objects().filter(
      (object) => this.ownerOf(object) === actor && (deleted ? this.isDeleted(object) : this.isLiving(object)),
    );
    return own[random(own.length)];
  }

  /** A random living object, or undefined if there is none. */
  anyObject(random: (below: number) => number): string | undefined {
    const living = this.objects().filter((object) => this.isLiving(object));
    return living[random(living.length)];
  }

  /** A random object that `actor` has liked or shared, or undefined if there is none. */
  anyOf(verb: Verb, actor: string, random: (below: number) => number): string | undefined {
    const entries = (this.done.get(actor) ?? []).filter((entry) => entry.verb === verb);
    const entry = entries[random(entries.length)];
    return entry && `${entry.object_type}:${entry.object_id}`;
  }

  /** A random living post or photo, or undefined if there is none. */
  anyPosted(random: (below: number) => number): string | undefined {
    const posted = this.objects().filter((object) => !object.startsWith('comment:') && this.isLiving(object));
    return posted[random(posted.length)];
  }

  /**
   * The listed first-level comments on a post or photo, or replies to a comment, sorted. A deleted comment is listed while
   * it has living replies.
   */
  commentsOn(object: string): string[] {
    const lists = [...this.comments].flatMap(([root, comments]) =>
      [...comments].filter(([, thread]) => (thread ?? root) === object),
    );
    const all = lists.map(([comment]) => comment);
    return all.filter((comment) => this.isLiving(comment) || this.commentsOn(comment).length > 0).sort();
  }

  /** The number of living comments on a post or photo, replies included, or of the living replies to a comment. */
  countComments(object: string): number {
    const comments = this.comments.get(object)?.keys() ?? this.commentsOn(object);
    return [...comments].filter((comment) => this.isLiving(comment)).length;
  }

  /** A random living comment on a post or photo, or undefined if there is none. */
  anyComment(object: string, random: (below: number) => number): string | undefined {
    const comments = [...(this.comments.get(object)?.keys() ?? [])].filter((comment) => this.isLiving(comment));
    return comments[random(comments.length)];
  }

  /** `replyTo`: the name of the comment that it replies to. */
  commented(actor: string, object: string, comment: string, replyTo: string | undefined): void {
    const comments = this.comments.get(object) ?? new Map<string, string | null>();
    this.comments.set(object, comments);
    comments.set(comment, replyTo === undefined ? null : (comments.get(replyTo) ?? replyTo));
    this.owners.set(comment, actor);
    this.roots.set(comment, object);
    this.record(actor, 'comment', object, this.ownerOf(object), Number(comment.slice('comment:'.length)));
  }

  posted(actor: string, object: string): void {
    this.owners.set(object, actor);
    this.record(actor, 'post', object, null);
  }

  like(actor: string, object: string): string {
    if (this.likersOf(object).has(actor)) return 'Already liked';
    this.likers.set(object, this.likersOf(object).add(actor));
    return this.react(actor, 'like', object);
  }

  share(actor: string, object: string): string {
    this.sharers.set(object, [...this.sharersOf(object), actor]);
    return this.react(actor, 'share', object);
  }

  unlike(actor: string, object: string): string {
    if (!this.likersOf(object).delete(actor)) return 'Not liked';
    this.takeBack(actor, 'like', object);
    return 'Like removed';
  }

  unshare(actor: string, object: string): string {
    const others = this.sharersOf(object).filter((name) => name !== actor);
    if (others.length === this.sharersOf(object).length) return 'Not shared';
    this.sharers.set(object, others);
    this.takeBack(actor, 'share', object);
    return 'Share removed';
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

  followees(actor: string): string[] {
    return [...this.followed(actor)];
  }

  /** Newest first. */
  myFeed(actor: string): UntimedEntry[] {
    return (this.done.get(actor) ?? []).filter((entry) => this.isVisible(entry)).reverse();
  }

  private isVisible({ object_type, object_id, comment_id }: UntimedEntry): boolean {
    return this.isLiving(`${object_type}:${object_id}`) && this.isLiving(`comment:${comment_id}`);
  }

  private react(actor: string, verb: Verb, object: string): string {
    this.record(actor, verb, object, this.ownerOf(object));
    return 'Activity recorded';
  }

  private takeBack(actor: string, verb: Verb, object: string): void {
    const kept = (this.done.get(actor) ?? []).filter((entry) => {
      return entry.verb !== verb || `${entry.object_type}:${entry.object_id}` !== object;
    });
    this.done.set(actor, kept);
  }

  private followed(actor: string): Set<string> {
    const followed = this.follows.get(actor) ?? new Set();
    this.follows.set(actor, followed);
    return followed;
  }

  private record(
    actor_name: string,
    verb: Verb,
    object: string | null,
    target_name: string | null,
    comment_id?: number,
  ): void {
    const [type, id] = object?.split(':') ?? [];
    const entry = {
      actor_name,
      verb,
      object_id: id ? Number(id) : null,
      object_type: (type ?? null) as ObjectType | null,
      ...(comment_id !== undefined && { comment_id }),
      target_name,
    };
    this.done.set(actor_name, [...(this.done.get(actor_name) ?? []), entry]);
  }
}
