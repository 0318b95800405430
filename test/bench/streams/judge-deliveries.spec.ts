import { delaysOf, type Received, type Written } from './judge-deliveries.ts';

const streams = Array.from({ length: 50 }, (_, index) => index);
const written: Written[] = [
  { object: 1, at: 100, streams },
  { object: 2, at: 200, streams: streams.map((stream) => stream + 50) },
];
const received: Received[] = written.flatMap((post) =>
  post.streams.map((stream) => ({ object: post.object, at: post.at + 5, stream })),
);

describe('the delays of deliveries', () => {
  it('count from the answer, and are never negative', () => {
    const [first, ...others] = received as [Received, ...Received[]];
    expect(delaysOf(written, [...others, { ...first, at: 99 }])).toEqual([...Array(99).fill(5), 0]);
  });

  it.each<[string, Received[]]>([
    ['99 deliveries are wrong; the first: post 1 on stream 1 is missing', received.slice(0, 1)],
    ['1 deliveries are wrong; the first: post 2 on stream 99 is missing', received.slice(0, -1)],
    ['1 deliveries are wrong; the first: post 1 on stream 0 is received again', [...received, received[0] as Received]],
    ['post 2 on stream 0 is received but not expected', [...received, { object: 2, at: 300, stream: 0 }]],
    ['post 3 on stream 0 is received but not expected', [...received, { object: 3, at: 300, stream: 0 }]],
  ])('throw that %s', (message, some) => {
    expect(() => delaysOf(written, some)).toThrow(message);
  });

  it('need posts that concern streams', () => {
    expect(() => delaysOf([], [])).toThrow('every post must concern 50 streams');
    expect(() => delaysOf([{ object: 1, at: 100, streams: [] }], [])).toThrow('every post must concern 50 streams');
  });
});
