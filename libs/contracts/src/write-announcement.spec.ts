import { decodeAnnouncement, encodeAnnouncement } from './write-announcement';

const announcement = { sender: 'a-b', number: 7, token: 'social-graph.2.5', marks: ['distrust', 'by:3'] };

describe('the announcement of a write', () => {
  it.each([
    [announcement, 'a-b 7 social-graph.2.5 distrust by:3'],
    [{ ...announcement, marks: [] }, 'a-b 7 social-graph.2.5'],
  ])('is words that are read back: %j', (one, text) => {
    expect(encodeAnnouncement(one)).toBe(text);
    expect(decodeAnnouncement(text)).toEqual(one);
  });
});
