import type { Random } from './random.ts';

/** Multiplier that combines two numbers into one key below 2^53. */
const PAIR = 2 ** 26;

/** Who follows whom at the current moment of the world. */
export class FollowState {
  private readonly edges = new Set<number>();
  private readonly followees: number[][];

  constructor(users: number) {
    this.followees = Array.from({ length: users }, () => []);
  }

  get size(): number {
    return this.edges.size;
  }

  follow(follower: number, followee: number): boolean {
    const edge = follower * PAIR + followee;
    if (follower === followee || this.edges.has(edge)) return false;
    this.edges.add(edge);
    this.followees[follower]?.push(followee);
    return true;
  }

  /** Ends a random follow of `follower`. Returns the followee, or undefined if there was no follow. */
  unfollowAny(follower: number, random: Random): number | undefined {
    const all = this.followees[follower] as number[];
    if (all.length === 0) return undefined;
    const place = random.below(all.length);
    const followee = all[place] as number;
    all[place] = all.at(-1) as number;
    all.pop();
    this.edges.delete(follower * PAIR + followee);
    return followee;
  }
}

export interface PostedObject {
  type: 'post' | 'photo';
  id: number;
  owner: number;
}

export interface WorldComment {
  type: 'comment';
  id: number;
  owner: number;
  /** What it comments on. */
  root: PostedObject;
  /** The id of the first-level comment that it is listed under; null at the first level. */
  thread: number | null;
  replyTo: { id: number; owner: number } | null;
}

export type WorldObject = PostedObject | WorldComment;

/** Likes or shares of an object by one user. Times are in microseconds since 1970. */
export interface Acts {
  count: number;
  first: number;
  last: number;
}

/** What a user takes back: acts on the object at `place`. */
export interface Undo {
  place: number;
  undone: Acts;
}

/** The objects at the current moment of the world, and who likes and shares them. */
export class ObjectState {
  private readonly objects: WorldObject[] = [];
  /** The indexes of posts and photos, and of comments. */
  private readonly posted: number[] = [];
  private readonly comments: number[] = [];
  private readonly likes = new Set<number>();
  private readonly shares = new Map<number, Acts>();
  /** For each user the last like, and the last shared object, unless it was taken back. */
  private readonly lastLikes = new Map<number, { place: number; time: number }>();
  private readonly lastShared = new Map<number, number>();

  add(object: WorldObject): void {
    const places = object.type === 'comment' ? this.comments : this.posted;
    places.push(this.objects.push(object) - 1);
  }

  /** The index of a random post or photo, preferring recent ones. Undefined if there is none. */
  anyRecent(random: Random): number | undefined {
    return recentOf(this.posted, random);
  }

  /** The same for comments. */
  anyRecentComment(random: Random): number | undefined {
    return recentOf(this.comments, random);
  }

  at(place: number): WorldObject {
    return this.objects[place] as WorldObject;
  }

  /** Records a like. False if `user` already likes the object. */
  like(user: number, place: number, time: number): boolean {
    const like = user * PAIR + place;
    if (this.likes.has(like)) return false;
    this.likes.add(like);
    this.lastLikes.set(user, { place, time });
    return true;
  }

  share(user: number, place: number, time: number): void {
    const { count, first } = this.shares.get(user * PAIR + place) ?? { count: 0, first: time };
    this.shares.set(user * PAIR + place, { count: count + 1, first, last: time });
    this.lastShared.set(user, place);
  }

  /** Takes back the last like of `user`, or returns undefined if there is none. */
  unlike(user: number): Undo | undefined {
    const like = this.lastLikes.get(user);
    if (!like) return undefined;
    const { place, time } = like;
    this.lastLikes.delete(user);
    this.likes.delete(user * PAIR + place);
    return { place, undone: { count: 1, first: time, last: time } };
  }

  /** Takes back all shares of what `user` shared last, or returns undefined if there is nothing. */
  unshare(user: number): Undo | undefined {
    const place = this.lastShared.get(user);
    if (place === undefined) return undefined;
    const undone = this.shares.get(user * PAIR + place) as Acts;
    this.lastShared.delete(user);
    this.shares.delete(user * PAIR + place);
    return { place, undone };
  }
}

const recentOf = (places: readonly number[], random: Random): number | undefined =>
  places[places.length - 1 - Math.floor(places.length * random.fraction() ** 3)];
