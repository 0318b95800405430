import { testServers, uniqueName } from '../../../../test/harness/servers';
import { silent } from '../../../../test/harness/test-database';
import { connectKafka } from './connection';

describe('errors in the answers of the broker', () => {
  it('are reported with the name of the request and of the error', async () => {
    const failed = jest.fn();
    const answered = jest.fn();
    const observer = { failed, answered, timedOut: jest.fn() };
    const settings = { brokers: testServers().brokers, clientId: 'test', prefix: '', replicationFactor: 1, observer };
    const admin = connectKafka(settings, silent, { retry: { retries: 0 } }).admin();
    await admin.connect();
    try {
      await admin.listTopics();
      expect(failed).not.toHaveBeenCalled();
      const missing = admin.fetchTopicMetadata({ topics: [uniqueName()] });
      await expect(missing).rejects.toThrow('does not host this topic-partition');
      expect(failed.mock.calls).toEqual([['Metadata', 'UNKNOWN_TOPIC_OR_PARTITION']]);
      expect(answered).toHaveBeenCalledWith('Metadata', expect.any(Number));
    } finally {
      await admin.disconnect();
    }
  });
});
