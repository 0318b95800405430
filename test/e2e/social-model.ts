import type { FeedEntry, ObjectType, Verb } from '@activity-feed/contracts';

type UntimedEntry = Omit<FeedEntry, 'time'>;

/** A minimal model of the API: the answers to writes and the resulting feeds. */
export class SocialModel {
  private readonly owners = new Map<string, string>();
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

  ownerOf(object: string): string {
    return this.owners.get(object) as string;
  }

  likersOf(object: string): Set<string> {
    return this.likers.get(object) ?? new Set();
  }

  sharersOf(object: string): string[] {
    return this.sharers.get(object) ?? [];
  }

  /** A random object, or undefined if there is none. */
  anyObject(random: (below: number) => number): string | undefined {
    return [...this.owners.keys()][random(this.owners.size)];
  }

  /** A random object that `actor` has liked or shared, or undefined if there is none. */
  anyOf(verb: Verb, actor: string, random: (below: number) => number): string | undefined {
    const entries = (this.done.get(actor) ?? []).filter((entry) => entry.verb === verb);
    const entry = entries[random(entries.length)];
    return entry && `${entry.object_type}:${entry.object_id}`;
  }

  /** A random post or photo, or undefined if there is none. */
  anyPosted(random: (below: number) => number): string | undefined {
    const posted = this.objects().filter((object) => !object.startsWith('comment:'));
    return posted[random(posted.length)];
  }

  /** The first-level comments on a post or photo, or the replies to a comment, sorted. */
  commentsOn(object: string): string[] {
    const lists = [...this.comments].flatMap(([root, comments]) =>
      [...comments].filter(([, thread]) => (thread ?? root) === object),
    );
    return lists.map(([comment]) => comment).sort();
  }

  /** The number of comments on a post or photo, replies included, or of the replies to a comment. */
  countComments(object: string): number {
    return this.comments.get(object)?.size ?? this.commentsOn(object).length;
  }

  /** A random comment on a post or photo, or undefined if there is none. */
  anyComment(object: string, random: (below: number) => number): string | undefined {
    const comments = [...(this.comments.get(object)?.keys() ?? [])];
    return comments[random(comments.length)];
  }

  /** `replyTo`: the name of the comment that it replies to. */
  commented(actor: string, object: string, comment: string, replyTo: string | undefined): void {
    const comments = this.comments.get(object) ?? new Map<string, string | null>();
    this.comments.set(object, comments);
    comments.set(comment, replyTo === undefined ? null : (comments.get(replyTo) ?? replyTo));
    this.owners.set(comment, actor);
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
    return [...(this.done.get(actor) ?? [])].reverse();
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
