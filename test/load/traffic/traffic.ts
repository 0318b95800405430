import type { User, World } from '../world/world.ts';
import { get, post, remove } from './api.ts';
import { byShare, type Choose, chooser, type UserChoice, uniform } from './choose.ts';
import type { GatewayRequest } from './gateway.ts';
import { Recent } from './recent.ts';

export const readRoutes = ['GET /feed/friends', 'GET /feed/my', 'GET further page', 'GET comments', 'GET /me'] as const;
export const writeRoutes = [
  'POST /post',
  'POST /activity',
  'POST comment',
  'DELETE object',
  'POST restore',
  'POST /follow',
  'POST /unfollow',
] as const;
export type Route = (typeof readRoutes)[number] | (typeof writeRoutes)[number];

export interface Visit {
  readonly route: Route;
  readonly request: GatewayRequest;
  /** Called with the body of a successful response, which later visits use. */
  readonly learn?: (body: string) => void;
}

export interface Mix {
  /** Percentage of requests that are reads. */
  readonly reads: number;
  readonly users: UserChoice;
  readonly depth: number;
}

type ActVerb = 'like' | 'share';

/** Acts of each verb that are remembered to be taken back. */
const MOST_ACTS = 1000;

/** The share of posts that only their user knows, to delete and restore them. */
const UNKNOWN = 0.02;

/** Generates the requests of a world's users. */
export class Traffic {
  private readonly users: readonly User[];
  private readonly objects = new Recent<string>(1000);
  /** Comments that this run wrote. */
  private readonly written = new Recent<{ object: string; id: number }>(1000);
  /** Further pages to read, and follows that this run made. */
  private readonly nextPages: { user: User; url: string; page: number }[] = [];
  private readonly follows: { user: User; name: string }[] = [];
  /** Likes and shares that this run made. */
  private readonly acts: Record<ActVerb, { user: User; object: string }[]> = { like: [], share: [] };
  /** Posts of this run that nobody else acts on, because an act on a deleted one would fail; and the deleted ones. */
  private readonly unknown: { user: User; object: string }[] = [];
  private readonly deleted: { user: User; object: string }[] = [];
  private readonly depth: number;
  private readonly actor: Choose;
  private readonly anybody: Choose;
  private readonly next: () => (user: User) => Visit;

  constructor({ users, objects }: Pick<World, 'users' | 'objects'>, { reads, users: choice, depth }: Mix) {
    this.users = users;
    for (const object of objects) this.objects.add(object);
    this.depth = depth;
    this.actor = chooser(choice, users.length);
    this.anybody = uniform(users.length);
    const writes = 100 - reads;
    this.next = byShare<(user: User) => Visit>([
      [(user) => this.feed(user, 'friends'), reads * 0.78],
      [(user) => this.feed(user, 'my'), reads * 0.1],
      [(user) => this.comments(user), reads * 0.02],
      [(user) => ({ route: 'GET /me', request: get(user, '/me') }), reads * 0.1],
      [(user) => this.post(user), writes * 0.391],
      [(user) => this.delete(user), writes * 0.006],
      [(user) => this.restore(user), writes * 0.003],
      [(user) => this.act(user, 'like'), writes * 0.23],
      [(user) => this.comment(user), writes * 0.05],
      [(user) => this.undo(user, 'like'), writes * 0.02],
      [(user) => this.act(user, 'share'), writes * 0.09],
      [(user) => this.undo(user, 'share'), writes * 0.01],
      [(user) => this.followOrUnfollow(user), writes * 0.2],
    ]);
  }

  visit(): Visit {
    return this.next()(this.user(this.actor()));
  }

  private feed(user: User, feed: 'friends' | 'my'): Visit {
    const turned = this.nextPages.shift();
    if (turned) return this.page('GET further page', turned.user, turned.url, turned.page);
    return this.page(`GET /feed/${feed}`, user, `/feed/${feed}`, 1);
  }

  private page(route: Route, user: User, path: string, page: number): Visit {
    const request = get(user, path);
    if (page >= this.depth) return { route, request };
    const learn = (body: string) => {
      const url: string = JSON.parse(body).next_url;
      if (url !== '') this.nextPages.push({ user, url, page: page + 1 });
    };
    return { route, request, learn };
  }

  private post(user: User): Visit {
    const type = Math.random() < 0.5 ? 'post' : 'photo';
    const request = post(user, '/post', { type, content: `A ${type} by ${user.name}` });
    const learn = (body: string) => {
      const object = `${type}:${JSON.parse(body).object_id}`;
      if (Math.random() < UNKNOWN) this.unknown.push({ user, object });
      else this.objects.add(object);
    };
    return { route: 'POST /post', request, learn };
  }

  private act(user: User, verb: ActVerb): Visit {
    const object = this.objects.any();
    if (!object) return this.post(user);
    const learn = (body: string) => {
      const acts = this.acts[verb];
      if (JSON.parse(body).message === 'Activity recorded' && acts.length < MOST_ACTS) acts.push({ user, object });
    };
    return { route: 'POST /activity', request: post(user, '/activity', { verb, object }), learn };
  }

  /** Takes back only what this run did, so that a world of given users keeps its likes and shares. */
  private undo(user: User, verb: ActVerb): Visit {
    const act = this.acts[verb].shift();
    if (!act) return this.act(user, verb);
    const body = { verb: `un${verb}`, object: act.object };
    return { route: 'POST /activity', request: post(act.user, '/activity', body) };
  }

  private delete(user: User): Visit {
    const own = this.unknown.shift();
    if (!own) return this.post(user);
    const learn = () => void this.deleted.push(own);
    return { route: 'DELETE object', request: remove(own.user, `/objects/${own.object}`), learn };
  }

  private restore(user: User): Visit {
    const own = this.deleted.shift();
    if (!own) return this.delete(user);
    const learn = () => void this.unknown.push(own);
    return { route: 'POST restore', request: post(own.user, `/objects/${own.object}/restore`, {}), learn };
  }

  private comments(user: User): Visit {
    const object = this.objects.any();
    if (!object) return this.feed(user, 'my');
    return { route: 'GET comments', request: get(user, `/objects/${object}/comments`) };
  }

  /** Comments on an object, or replies to an earlier comment of this run. */
  private comment(user: User): Visit {
    const replied = Math.random() < 0.3 ? this.written.any() : undefined;
    const object = replied?.object ?? this.objects.any();
    if (!object) return this.post(user);
    const body = { content: `A comment by ${user.name}`, reply_to: replied?.id };
    const learn = (answer: string) => this.written.add({ object, id: JSON.parse(answer).object_id });
    return { route: 'POST comment', request: post(user, `/objects/${object}/comments`, body), learn };
  }

  /** Unfollows only what this run followed, so that a world of given users keeps its follows. */
  private followOrUnfollow(user: User): Visit {
    const undone = Math.random() < 0.5 ? this.follows.shift() : undefined;
    if (undone) {
      const request = post(undone.user, '/unfollow', { unfollow: undone.name });
      return { route: 'POST /unfollow', request };
    }
    const { name } = this.anyoneBut(user);
    const learn = (body: string) => {
      if (JSON.parse(body).message === 'User followed') this.follows.push({ user, name });
    };
    return { route: 'POST /follow', request: post(user, '/follow', { follow: name }), learn };
  }

  private anyoneBut(user: User): User {
    const other = this.user(this.anybody());
    return other === user ? this.anyoneBut(user) : other;
  }

  private user(rank: number): User {
    return this.users[rank] as User;
  }
}
