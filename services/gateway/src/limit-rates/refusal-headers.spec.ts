import { refusalHeaders } from './refusal-headers';

const headers = (endsIn: number) => refusalHeaders('reads', { points: 200, endsIn }, 2);

describe('the headers of a refusal', () => {
  it('name the limit and the whole seconds until its window ends', () => {
    expect(headers(1_200)).toEqual({
      'retry-after': '2',
      ratelimit: '"reads";r=0;t=2',
      'ratelimit-policy': '"reads";q=200;w=2',
    });
  });

  it('never ask for a retry at once', () => expect(headers(0)['retry-after']).toBe('1'));
});
