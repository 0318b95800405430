import { RedisTrust } from './redis-trust';

describe('trust in Redis', () => {
  let begun: PromiseWithResolvers<boolean>[];
  let receiving: boolean;
  let trust: RedisTrust;
  beforeEach(() => {
    jest.useFakeTimers();
    begun = [];
    receiving = true;
    const beginEpoch = () => {
      const beginning = Promise.withResolvers<boolean>();
      begun.push(beginning);
      return beginning.promise;
    };
    trust = new RedisTrust({ isReceiving: () => receiving, beginEpoch });
  });
  afterEach(() => {
    trust.close();
    jest.useRealTimers();
  });

  const attempt = () => jest.advanceTimersByTimeAsync(200);
  const answer = (hasBegun: boolean) => {
    begun.at(-1)?.resolve(hasBegun);
    return jest.advanceTimersByTimeAsync(0);
  };

  it('begins with an epoch', async () => {
    expect(trust.holds).toBe(false);
    await attempt();
    await answer(false);
    expect(trust.holds).toBe(false);
    await attempt();
    await answer(true);
    expect(trust.holds).toBe(true);
    await attempt();
    expect(begun).toHaveLength(2);
  });

  it('does not begin with an epoch that began before the latest distrust', async () => {
    await attempt();
    trust.distrust();
    await answer(true);
    expect(trust.holds).toBe(false);
    await attempt();
    await answer(true);
    expect(trust.holds).toBe(true);
  });

  it('neither holds nor begins while other gateways are not received', async () => {
    await attempt();
    await answer(true);
    receiving = false;
    expect(trust.holds).toBe(false);
    trust.distrust();
    await attempt();
    expect(begun).toHaveLength(1);
  });
});
