import { System } from '../harness/system';
import { testComments } from './every-arrangement/comments';
import { testEdits } from './every-arrangement/edits';
import { testFeeds } from './every-arrangement/feeds';
import { testObjects } from './every-arrangement/objects';
import { ARRANGEMENTS } from './feed-arrangements';

/** The subjects share a system, because it takes long to start. Each has users of its own. */
describe.each(ARRANGEMENTS)('with a feed of %s', (_, feeds) => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ feeds, gateways: 2 });
  });
  afterAll(() => system?.stop());

  describe('comments', () => testComments(() => system));
  describe('edits', () => testEdits(() => system));
  describe('feeds', () => testFeeds(() => system));
  describe('objects', () => testObjects(() => system));
});
