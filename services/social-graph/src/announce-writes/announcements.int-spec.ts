import {
  announcementChannel,
  decodeAnnouncement,
  decodeToken,
  encodeToken,
  KEYS_CHANGED,
  type UserId,
} from '@activity-feed/contracts';
import { eventually } from '../../../../test/harness/eventually';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { Announcements } from './announcements';

const BERT = 2 as UserId;
const followed = (version: number) => encodeToken({ source: 'social-graph', stream: BERT, version });

describe('announcements of social-graph', () => {
  it('are received by gateways with the same prefix, as those of writes are', async () => {
    const prefix = `${uniqueName()}.`;
    const redis = patientRedis(prefix);
    const gateway = redis.duplicate();
    const received: string[] = [];
    try {
      gateway.on('message', (_channel, text) => received.push(text));
      await gateway.subscribe(announcementChannel(prefix));
      const announcements = new Announcements(redis, prefix);
      await announcements.announce(followed(5));
      await announcements.announce(followed(6), [KEYS_CHANGED]);
      await eventually('both are received', () => received.length === 2);
      const read = received.map(decodeAnnouncement);
      expect(read.map(({ token }) => decodeToken(token))).toEqual([
        { source: 'social-graph', stream: BERT, version: 5 },
        { source: 'social-graph', stream: BERT, version: 6 },
      ]);
      expect(read.map(({ marks }) => marks)).toEqual([[], [KEYS_CHANGED]]);
      expect(new Set(read.map(({ sender, number }) => `${sender} ${number}`)).size).toBe(2);
    } finally {
      redis.disconnect();
      gateway.disconnect();
    }
  });
});
