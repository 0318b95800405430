import { System } from '../harness/system';
import { testAggregates } from './every-arrangement/aggregates';
import { testComments } from './every-arrangement/comments';
import { testContendedObject } from './every-arrangement/contended-object';
import { testDeletedObjects } from './every-arrangement/deleted-objects';
import { testEdits } from './every-arrangement/edits';
import { testExpandedObjects } from './every-arrangement/expanded-objects';
import { testFeeds } from './every-arrangement/feeds';
import { testHiddenUsers } from './every-arrangement/hidden-users';
import { testNewer } from './every-arrangement/newer';
import { testNotifications } from './every-arrangement/notifications';
import { testObjects } from './every-arrangement/objects';
import { testOwnWrites } from './every-arrangement/own-writes';
import { testPrivateAccounts } from './every-arrangement/private-accounts';
import { testSeveralObjects } from './every-arrangement/several-objects';
import { testStreams } from './every-arrangement/streams';
import { testUndo } from './every-arrangement/undo';
import { ARRANGEMENTS } from './feed-arrangements';

/**
 * The subjects share a system, because it takes long to start. Each has users of its own. The first needs an empty
 * system, whose trends and statistics it reads, and the last kills feeds.
 */
describe.each(ARRANGEMENTS)('with a feed of %s', (_, feeds) => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ feeds, gateways: 2, proxied: ['redis'] });
  });
  afterAll(() => system?.stop());

  describe('aggregates', () => testAggregates(() => system));
  describe('feeds', () => testFeeds(() => system));
  describe('taking back', () => testUndo(() => system));
  // The random worlds read all of this in every arrangement. Separate processes are the more difficult case.
  if (feeds.length > 1) {
    describe('hidden users', () => testHiddenUsers(() => system));
    describe('private accounts', () => testPrivateAccounts(() => system));
    describe('a deleted object', () => testDeletedObjects(() => system));
    describe('comments', () => testComments(() => system));
    describe('edits', () => testEdits(() => system));
    describe('pages with their objects', () => testExpandedObjects(() => system));
    describe('what is newer', () => testNewer(() => system));
    describe('notifications', () => testNotifications(() => system));
    describe('streams', () => testStreams(() => system));
    describe('objects', () => testObjects(() => system));
    describe('several objects in one request', () => testSeveralObjects(() => system));
    describe('an object in contention', () => testContendedObject(() => system));
  }
  describe('reading one’s own writes', () => testOwnWrites(() => system));
});
