import { checkHealth, type Dependency } from './health-check';

const up: Dependency = { name: 'postgres', required: true, check: async () => undefined };
const broken = async () => {
  throw new Error('refused');
};

describe('health', () => {
  it('is ready when all dependencies are up', async () => {
    expect(await checkHealth([up])).toEqual({ status: 'ready', dependencies: { postgres: 'up' } });
  });

  it('is degraded when an optional dependency is down', async () => {
    expect(await checkHealth([up, { name: 'redis', required: false, check: broken }])).toEqual({
      status: 'degraded',
      dependencies: { postgres: 'up', redis: 'down' },
    });
  });

  it('says what is missing while an optional dependency is down', async () => {
    const redis = { name: 'redis', required: false, without: 'reads take longer', check: broken };
    expect(await checkHealth([up, redis])).toMatchObject({ degraded: { redis: 'reads take longer' } });
    expect(await checkHealth([up, { ...redis, check: up.check }])).not.toHaveProperty('degraded');
  });

  it('says how many events are not applied', async () => {
    const index = { ...up, behind: () => ({ reader: 12, projector: 0 }) };
    expect(await checkHealth([index])).toMatchObject({ status: 'ready', behind: { reader: 12 } });
    expect(await checkHealth([{ ...index, behind: () => ({ reader: 0 }) }])).not.toHaveProperty('behind');
  });

  it('is unavailable when a required dependency is down', async () => {
    expect((await checkHealth([{ ...up, check: broken }])).status).toBe('unavailable');
  });

  it('reports a dependency that hangs as down', async () => {
    const hanging = { ...up, check: () => new Promise(() => undefined) };
    expect((await checkHealth([hanging], 10)).dependencies).toEqual({ postgres: 'down' });
  });
});
