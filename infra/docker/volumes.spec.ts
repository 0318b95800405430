import { assertNotInUse, type Container, chooseVolumes, type Found } from './volumes.ts';

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

  it('chooses for each server by itself', () => {
    const [, timescaledb = ''] = shared;
    const volumes = choose(found([own[0] ?? '', timescaledb]));
    expect(volumes.names).toEqual({ postgres: own[0], timescaledb, kafka: own[2] });
    expect(volumes).toMatchObject({ existing: [own[0], timescaledb], adopted: [timescaledb] });
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
