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

export interface WorldObject {
  type: 'post' | 'photo';
  id: number;
  owner: number;
}

/** The objects at the current moment of the world, and who likes them. */
export class ObjectState {
  private readonly objects: WorldObject[] = [];
  private readonly likes = new Set<number>();

  add(object: WorldObject): void {
    this.objects.push(object);
  }

  /** The index of a random object, preferring recent ones. Undefined if there is no object. */
  anyRecent(random: Random): number | undefined {
    const { length } = this.objects;
    return length === 0 ? undefined : length - 1 - Math.floor(length * random.fraction() ** 3);
  }

  at(place: number): WorldObject {
    return this.objects[place] as WorldObject;
  }

  /** Records a like. False if `user` already liked the object. */
  like(user: number, place: number): boolean {
    const like = user * PAIR + place;
    if (this.likes.has(like)) return false;
    this.likes.add(like);
    return true;
  }
}
