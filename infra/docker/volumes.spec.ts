import { assertNotInUse, type Container, chooseVolumes, deletable, type Found } from './volumes.ts';

const project = 'activity-feed-local';
const own = ['activity-feed-local_postgres', 'activity-feed-local_timescaledb', 'activity-feed-local_kafka'];
const shared = ['activity-feed_postgres', 'activity-feed_timescaledb', 'activity-feed_kafka', 'activity-feed_redis'];

const container = (service: string, running = false): Container => ({
  name: `activity-feed-${service}-1`,
  service,
  running,
});
const found = (volumes: string[], sharedContainers: Container[] = []): Found => ({ volumes, sharedContainers });
const choose = (state: Found, startedBefore = true) => chooseVolumes(project, state, startedBefore);

describe('chooseVolumes', () => {
  it("chooses the project's own volumes if there are none yet", () => {
    expect(choose(found([]))).toEqual({
      names: { postgres: own[0], timescaledb: own[1], kafka: own[2] },
      existing: [],
      adopted: [],
      foreign: [],
    });
  });

  it('adopts volumes that an earlier start left under the name of a deployment', () => {
    const volumes = choose(found(['else', ...shared], [container('postgres'), container('kafka')]));
    expect(Object.values(volumes.names)).toEqual(shared.slice(0, 3));
    expect(volumes).toMatchObject({ existing: shared, adopted: shared, foreign: [] });
  });

  it.each(['social-graph', 'activity', 'feed', 'gateway'])('adopts no volumes if %s has a container', (service) => {
    const volumes = choose(found(shared, [container('postgres'), container(service)]));
    expect(Object.values(volumes.names)).toEqual(own);
    expect(volumes).toMatchObject({ existing: [], adopted: [], foreign: shared });
  });

  it('does not adopt volumes if no local start has run before', () => {
    expect(choose(found(shared), false)).toMatchObject({ existing: [], adopted: [], foreign: shared });
  });

  it('prefers its own volumes', () => {
    const volumes = choose(found([...own, ...shared]));
    expect(Object.values(volumes.names)).toEqual(own);
    expect(volumes).toMatchObject({ existing: own, adopted: [], foreign: shared });
  });

  it('does not adopt volumes without one for Redis, which deployments do not have', () => {
    const deployment = shared.slice(0, 3);
    const volumes = choose(found(deployment));
    expect(Object.values(volumes.names)).toEqual(own);
    expect(volumes).toMatchObject({ existing: [], adopted: [], foreign: deployment });
  });

  it.each([
    ['one of its own', [own[0] ?? '', ...shared]],
    ['one of them missing', shared.filter((name) => !name.endsWith('_kafka'))],
  ])('never mixes deployment volumes with its own: with %s it chooses its own', (_, volumes) => {
    const chosen = choose(found(volumes));
    expect(Object.values(chosen.names)).toEqual(own);
    expect(chosen.adopted).toEqual([]);
  });
});

describe('deletable', () => {
  it('is every existing volume if the user is asked', () => {
    expect(deletable(choose(found(shared)), true)).toEqual(shared);
  });

  it('excludes adopted volumes if the user is not asked', () => {
    expect(deletable(choose(found(shared)), false)).toEqual([]);
    expect(deletable(choose(found([...own, ...shared])), false)).toEqual(own);
  });
});

describe('assertNotInUse', () => {
  it('throws if other containers use the volumes', () => {
    const state = found(shared, [container('postgres', true), container('kafka')]);
    expect(() => assertNotInUse(choose(state), state)).toThrow(
      /by activity-feed-postgres-1\.\nStop the containers first: docker compose --project-name activity-feed stop$/,
    );
  });

  it('allows containers that are stopped or use other volumes', () => {
    const stopped = found(shared, [container('postgres')]);
    assertNotInUse(choose(stopped), stopped);
    const others = found(own, [container('postgres', true)]);
    assertNotInUse(choose(others), others);
  });
});
