import { type Mix, type Route, readRoutes, Traffic, type Visit } from './traffic.ts';

const users = ['ann', 'bob', 'cat'].map((name) => ({ name, key: `key of ${name}` }));
const mix: Mix = { reads: 90, users: 'uniform', depth: 1 };
const VISITS = 20_000;

const answers: Partial<Record<Route, object>> = {
  'GET /feed/friends': { next_url: '/feed/friends?cursor=x' },
  'GET /feed/my': { next_url: '/feed/my?cursor=x' },
  'GET further page': { next_url: '/feed/my?cursor=x' },
  'POST /post': { object_id: 7 },
  'POST /activity': { message: 'Activity recorded' },
  'POST comment': { object_id: 9 },
  'DELETE object': {},
  'POST restore': {},
  'POST /follow': { message: 'User followed' },
};

/** Many visits, each with its response before the next. */
function visits(given: Partial<Mix>, objects: string[] = ['post:1']): Visit[] {
  const traffic = new Traffic({ users, objects }, { ...mix, ...given });
  return Array.from({ length: VISITS }, () => {
    const visit = traffic.visit();
    visit.learn?.(JSON.stringify(answers[visit.route]));
    return visit;
  });
}

const shareOf = (all: Visit[], route: Route) => all.filter((visit) => visit.route === route).length / all.length;
const isRead = ({ route }: Visit) => (readRoutes as readonly string[]).includes(route);

describe('Traffic', () => {
  it('generates the given share of reads, most of them of friends feeds', () => {
    const all = visits({});
    expect(all.filter(isRead).length / VISITS).toBeCloseTo(0.9, 1);
    expect(shareOf(all, 'GET /feed/friends')).toBeCloseTo(0.7, 1);
  });

  it('can consist of only reads or only writes', () => {
    expect(visits({ reads: 100 }).every(isRead)).toBe(true);
    expect(visits({ reads: 0 }).some(isRead)).toBe(false);
  });

  it('reads further pages for the same user, up to the given depth', () => {
    const all = visits({ depth: 3, reads: 100 });
    const first = shareOf(all, 'GET /feed/friends') + shareOf(all, 'GET /feed/my');
    expect(shareOf(all, 'GET further page') / first).toBeCloseTo(2, 1);
    expect(shareOf(visits({}), 'GET further page')).toBe(0);
  });

  it('likes and shares only known objects and objects posted during the run', () => {
    // Many known objects, so that posts of the run cannot crowd them out before one is chosen.
    const known = Array<string>(500).fill('post:1');
    const bodies = visits({ reads: 0 }, known).flatMap(({ route, request }) =>
      route === 'POST /activity' ? [JSON.parse(request.body as string).object] : [],
    );
    expect(new Set(bodies)).toEqual(new Set(['post:1', 'post:7', 'photo:7']));
  });

  it('takes back some likes and shares, and only its own', () => {
    const acts: string[] = [];
    const undone = { unlike: 0, unshare: 0 };
    for (const { route, request } of visits({ reads: 0 })) {
      if (route !== 'POST /activity') continue;
      const { verb, object } = JSON.parse(request.body as string);
      const key = request.headers['x-app-key'];
      if (verb === 'like' || verb === 'share') {
        acts.push(`${key} un${verb} ${object}`);
        continue;
      }
      const index = acts.indexOf(`${key} ${verb} ${object}`);
      expect(index).toBeGreaterThanOrEqual(0);
      acts.splice(index, 1);
      undone[verb as keyof typeof undone]++;
    }
    expect(undone.unlike / VISITS).toBeCloseTo(0.02, 2);
    expect(undone.unshare / VISITS).toBeCloseTo(0.01, 2);
  });

  it('deletes a few posts of its own, restores some of them, and acts on none of them', () => {
    const traffic = new Traffic({ users, objects: [] }, { ...mix, reads: 0 });
    const deleted = new Set<string>();
    const everDeleted = new Set<string>();
    const acted = new Set<string>();
    let ids = 0;
    let restored = 0;
    for (let number = 0; number < VISITS; number++) {
      const { route, request, learn } = traffic.visit();
      const [, , object = ''] = request.path.split('/');
      const key = `${request.headers['x-app-key']} ${object}`;
      if (route === 'DELETE object') {
        expect([request.method, deleted.has(key)]).toEqual(['DELETE', false]);
        deleted.add(key);
        everDeleted.add(object);
      }
      if (route === 'POST restore') {
        expect(deleted.delete(key)).toBe(true);
        restored++;
      }
      if (route === 'POST /activity') acted.add(JSON.parse(request.body as string).object);
      if (route === 'POST comment') acted.add(object);
      learn?.(JSON.stringify(route === 'POST /post' ? { object_id: ++ids } : (answers[route] ?? {})));
    }
    expect(everDeleted.size).toBeGreaterThan(VISITS * 0.002);
    expect(everDeleted.size).toBeLessThan(VISITS * 0.01);
    expect(restored).toBeGreaterThan(VISITS * 0.001);
    expect([...everDeleted].filter((object) => acted.has(object))).toEqual([]);
  });

  it('comments on known objects, and replies to comments of the run on the same object', () => {
    const all = visits({ reads: 0 }, ['post:1']).filter(({ route }) => route === 'POST comment');
    expect(all.length / VISITS).toBeCloseTo(0.05, 1);
    const replies = all.filter(({ request }) => JSON.parse(request.body as string).reply_to === 9);
    expect(replies.length / all.length).toBeCloseTo(0.3, 1);
    for (const { request } of all) expect(request.path).toMatch(/^\/objects\/(post|photo):[17]\/comments$/);
    const reads = visits({ reads: 100 }).filter(({ route }) => route === 'GET comments');
    expect(reads.length / VISITS).toBeCloseTo(0.02, 2);
  });

  it('posts if there is no object to like or share', () => {
    const traffic = new Traffic({ users, objects: [] }, { ...mix, reads: 0 });
    const routes = Array.from({ length: 500 }, () => traffic.visit().route);
    expect(routes).toContain('POST /post');
    expect(routes).not.toContain('POST /activity');
  });

  it('lets nobody follow themselves, and unfollows only its own follows', () => {
    const follows: string[] = [];
    for (const { route, request } of visits({ reads: 0 })) {
      const { follow, unfollow } = JSON.parse(request.body ?? '{}');
      const key = request.headers['x-app-key'];
      if (route === 'POST /follow') {
        expect(key).not.toBe(`key of ${follow}`);
        follows.push(`${key} ${follow}`);
      }
      if (route === 'POST /unfollow') {
        const index = follows.indexOf(`${key} ${unfollow}`);
        expect(index).toBeGreaterThanOrEqual(0);
        follows.splice(index, 1);
      }
    }
    expect(follows.length).toBeLessThan(VISITS / 10);
  });
});
