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

/** An object that is deleted or restored; times are in microseconds since 1970. */
export interface Deletion {
  place: number;
  createdAt: number;
}

/** Attempts to find a living object at random. */
const ATTEMPTS = 5;

/** The objects at the current moment of the world, who likes and shares them, and which are deleted. */
export class ObjectState {
  private readonly objects: WorldObject[] = [];
  private readonly createdAt: number[] = [];
  /** The indexes of posts and photos, and of comments. */
  private readonly posted: number[] = [];
  private readonly comments: number[] = [];
  private readonly likes = new Set<number>();
  private readonly shares = new Map<number, Acts>();
  /** For each user the last like, and the last shared object, unless it was taken back. */
  private readonly lastLikes = new Map<number, { place: number; time: number }>();
  private readonly lastShared = new Map<number, number>();
  /** The deleted objects themselves, without the comments on them. */
  private readonly deleted = new Set<WorldObject>();
  /** For each user the last object, unless it was deleted, and the last deleted one. */
  private readonly lastAdded = new Map<number, number>();
  private readonly lastDeleted = new Map<number, { place: number; until: number }>();

  add(object: WorldObject, time: number): void {
    const places = object.type === 'comment' ? this.comments : this.posted;
    const place = this.objects.push(object) - 1;
    places.push(place);
    this.createdAt.push(time);
    this.lastAdded.set(object.owner, place);
  }

  /** The index of a random living post or photo, preferring recent ones. Undefined if none is found. */
  anyRecent(random: Random): number | undefined {
    return this.livingOf(this.posted, random);
  }

  /** The same for comments. */
  anyRecentComment(random: Random): number | undefined {
    return this.livingOf(this.comments, random);
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

  /** Deletes the last object of `user`, which can be restored before `until`. Undefined if there is none. */
  delete(user: number, until: number): Deletion | undefined {
    const place = this.lastAdded.get(user);
    if (place === undefined || !this.isLiving(place)) return undefined;
    this.lastAdded.delete(user);
    this.deleted.add(this.at(place));
    this.lastDeleted.set(user, { place, until });
    return this.deletionOf(place);
  }

  /** Restores what `user` deleted last. Undefined if there is nothing, or it is too late. */
  restore(user: number, time: number): Deletion | undefined {
    const last = this.lastDeleted.get(user);
    this.lastDeleted.delete(user);
    if (!last || last.until <= time) return undefined;
    const object = this.at(last.place);
    if (object.type === 'comment' && this.deleted.has(object.root)) return undefined;
    this.deleted.delete(object);
    return this.deletionOf(last.place);
  }

  private deletionOf(place: number): Deletion {
    return { place, createdAt: this.createdAt[place] as number };
  }

  /** A comment on a deleted object is as if deleted itself. */
  private isLiving(place: number): boolean {
    const object = this.at(place);
    return !this.deleted.has(object) && !(object.type === 'comment' && this.deleted.has(object.root));
  }

  private livingOf(places: readonly number[], random: Random): number | undefined {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const place = recentOf(places, random);
      if (place === undefined || this.isLiving(place)) return place;
    }
    return undefined;
  }
}

const recentOf = (places: readonly number[], random: Random): number | undefined =>
  places[places.length - 1 - Math.floor(places.length * random.fraction() ** 3)];
