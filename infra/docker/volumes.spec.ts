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
  it('takes volumes of the own project when there are none', () => {
    expect(choose(found([]))).toEqual({
      names: { postgres: own[0], timescaledb: own[1], kafka: own[2] },
      existing: [],
      adopted: [],
      foreign: [],
    });
  });

  it('uses what an earlier start left under the name that deployments have', () => {
    const volumes = choose(found(['else', ...shared], [container('postgres'), container('kafka')]));
    expect(Object.values(volumes.names)).toEqual(shared.slice(0, 3));
    expect(volumes).toMatchObject({ existing: shared, adopted: shared, foreign: [] });
  });

  it.each(['social-graph', 'activity', 'feed', 'gateway'])('leaves them alone beside a container of %s', (service) => {
    const volumes = choose(found(shared, [container('postgres'), container(service)]));
    expect(Object.values(volumes.names)).toEqual(own);
    expect(volumes).toMatchObject({ existing: [], adopted: [], foreign: shared });
  });

  it('leaves them alone where no start has been before', () => {
    expect(choose(found(shared), false)).toMatchObject({ existing: [], adopted: [], foreign: shared });
  });

  it('prefers its own, once it has them', () => {
    const volumes = choose(found([...own, ...shared]));
    expect(Object.values(volumes.names)).toEqual(own);
    expect(volumes).toMatchObject({ existing: own, adopted: [], foreign: shared });
  });

  it('leaves them alone without a volume of Redis, as a deployment of today makes them', () => {
    const deployment = shared.slice(0, 3);
    const volumes = choose(found(deployment));
    expect(Object.values(volumes.names)).toEqual(own);
    expect(volumes).toMatchObject({ existing: [], adopted: [], foreign: deployment });
  });

  it.each([
    ['one of its own', [own[0] ?? '', ...shared]],
    ['one of them missing', shared.filter((name) => !name.endsWith('_kafka'))],
  ])('never mixes them with others: with %s it takes its own', (_, volumes) => {
    const chosen = choose(found(volumes));
    expect(Object.values(chosen.names)).toEqual(own);
    expect(chosen.adopted).toEqual([]);
  });
});

describe('deletable', () => {
  it('is all that exists, once somebody has been asked', () => {
    expect(deletable(choose(found(shared)), true)).toEqual(shared);
  });

  it('is never what was adopted, when nobody is asked', () => {
    expect(deletable(choose(found(shared)), false)).toEqual([]);
    expect(deletable(choose(found([...own, ...shared])), false)).toEqual(own);
  });
});

describe('assertNotInUse', () => {
  it('refuses volumes that other containers write to', () => {
    const state = found(shared, [container('postgres', true), container('kafka')]);
    expect(() => assertNotInUse(choose(state), state)).toThrow(
      /in use by activity-feed-postgres-1\.\nStop these first: docker compose --project-name activity-feed stop$/,
    );
  });

  it('does not mind containers that are stopped, or on volumes of others', () => {
    const stopped = found(shared, [container('postgres')]);
    assertNotInUse(choose(stopped), stopped);
    const others = found(own, [container('postgres', true)]);
    assertNotInUse(choose(others), others);
  });
});
