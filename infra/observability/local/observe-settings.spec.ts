import { observeSettings, wantsToObserve } from './observe-settings.ts';

describe('the arguments of `npm start`', () => {
  it('ask to observe the system, or not', () => {
    expect(wantsToObserve([], 'start')).toBe(false);
    expect(wantsToObserve(['--observe'], 'start')).toBe(true);
  });

  it('are refused if they are others', () => {
    expect(() => wantsToObserve(['--observed'], 'dev')).toThrow('Usage: npm run dev [-- --observe]');
  });
});

describe('the ports of what observes the system', () => {
  it('can be set', () => {
    expect(observeSettings({ GRAFANA_PORT: '3000' })).toMatchObject({
      grafana: { variable: 'GRAFANA_PORT', port: 3000 },
      prometheus: { variable: 'PROMETHEUS_PORT', port: 59090 },
    });
  });
});
