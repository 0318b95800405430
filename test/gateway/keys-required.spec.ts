import { describedOperations } from '../harness/described-operations';
import { LoneGateway } from './lone-gateway';

describe('a request without a key', () => {
  let gateway: LoneGateway;

  beforeAll(async () => {
    gateway = await LoneGateway.start();
  });
  afterAll(() => gateway.stop());

  it('is refused by every route that needs one, and by no other', async () => {
    const operations = await describedOperations(gateway.address);
    const answers = await Promise.all(
      operations.map(async ({ method, path, needsKey }) => {
        const answer = await fetch(`${gateway.address}${path}`, { method, redirect: 'manual' });
        const text = await answer.text();
        const isRefused = answer.status === 400 && JSON.parse(text).code === 'KEY_MISSING';
        return { operation: `${method} ${path}`, needsKey, isRefused };
      }),
    );
    expect(answers.filter(({ needsKey }) => needsKey).length).toBeGreaterThan(50);
    expect(answers.filter(({ needsKey, isRefused }) => needsKey !== isRefused)).toEqual([]);
  });
});
