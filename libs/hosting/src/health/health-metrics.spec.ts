import { register } from 'prom-client';
import { measureHealth } from './health-metrics';

describe('metrics of the readiness check', () => {
  const states: Record<string, string> = { database: 'up', 'timeline-index': 'warming', redis: 'up' };
  beforeAll(() => {
    const dependency = (name: string, required: boolean) => ({
      name,
      required,
      check: async () => {
        if (states[name] === 'down') throw new Error('down');
        return states[name];
      },
    });
    measureHealth([dependency('database', true), dependency('timeline-index', true), dependency('redis', false)]);
  });

  const values = async (name: string) =>
    (await register.getSingleMetricAsString(name)).split('\n').filter((line) => !line.startsWith('#') && line !== '');

  it('show every dependency that answers as up, whatever its state', async () => {
    expect(await values('dependency_up')).toEqual([
      'dependency_up{dependency="database"} 1',
      'dependency_up{dependency="timeline-index"} 1',
      'dependency_up{dependency="redis"} 1',
    ]);
    expect(await values('service_ready')).toEqual(['service_ready 1']);
  });

  it('show a service as ready without an optional dependency', async () => {
    states.redis = 'down';
    expect(await values('dependency_up')).toContain('dependency_up{dependency="redis"} 0');
    expect(await values('service_ready')).toEqual(['service_ready 1']);
  });

  it('show a service as not ready without a required one', async () => {
    states.database = 'down';
    expect(await values('service_ready')).toEqual(['service_ready 0']);
  });
});
