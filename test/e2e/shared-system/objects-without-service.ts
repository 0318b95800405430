import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

/** Declares the tests. Each starts the service again that it has killed. */
export function testObjectsWithoutService(system: () => System): void {
  describe('objects, if a service is down', () => {
    it('answer 503 without the feed, which has the counts and knows who may see them, but can still be acted on', async () => {
      const ivan = await system().as('ivan');
      const { body } = await ivan.post('post', 'a');
      const path = `/objects/post:${body.object_id}`;
      await system().services.feed.end('SIGKILL');
      for (const part of ['', '/likes', '/shares', '/comments', '/history']) {
        expectError(await ivan.get(path + part), 503, 'SERVICE_UNAVAILABLE');
      }
      const nico = await system().as('nico');
      for (const client of [ivan, nico]) await client.like(`post:${body.object_id}`);
      await system().services.feed.start();
      // Until its consumers have rejoined their groups, the feed answers from its database.
      const again = await eventually('the like is counted', async () => {
        const object = await ivan.get(`/objects/post:${body.object_id}`);
        return object.body.likes === 2 && object.body;
      });
      expect(again).toMatchObject({ liked: true });
    });
  });

  describe('several objects in one request, if a service is down', () => {
    it.each(['feed', 'activity'] as const)('are answered with 503 without %s', async (service) => {
      const ivan = await system().as('ivan');
      const path = `/objects?names=post:${(await ivan.post('post', 'a')).body.object_id}`;
      await system().services[service].end('SIGKILL');
      expectError(await ivan.get(path), 503, 'SERVICE_UNAVAILABLE');
      await system().services[service].start();
      await eventually('the object is returned again', async () => (await ivan.get(path)).status === 200);
    });
  });

  describe('pages with their objects, without activity', () => {
    it('are answered with 503, and pages without objects are as always', async () => {
      const ivan = await system().as('ivan');
      await ivan.post('post', 'a');
      const before = await ivan.myFeed();
      await system().services.activity.end('SIGKILL');
      expectError(await ivan.get('/feed/my?expand=objects'), 503, 'SERVICE_UNAVAILABLE');
      expect(await ivan.myFeed()).toEqual(before);
      await system().services.activity.start();
      await eventually('the objects are returned again', async () => {
        const { status } = await ivan.get('/feed/my?expand=objects');
        return status === 200;
      });
    });
  });
}
