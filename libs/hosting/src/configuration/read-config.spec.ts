import { readConfig, WrongConfiguration } from './read-config';
import { setting } from './settings';

const shape = {
  HTTP_PORT: setting.port,
  REDIS_URL: setting.redisUrl,
  KAFKA_BROKERS: setting.brokers,
  DEMO: setting.flag,
};
const right = { HTTP_PORT: '5101', REDIS_URL: 'redis://127.0.0.1:6379', KAFKA_BROKERS: 'a:1,b:2', DEMO: '' };

describe('configuration', () => {
  it('reads numbers, lists and defaults', () => {
    expect(readConfig(shape, right)).toEqual({
      HTTP_PORT: 5101,
      REDIS_URL: 'redis://127.0.0.1:6379',
      KAFKA_BROKERS: ['a:1', 'b:2'],
      DEMO: false,
    });
  });

  it('names every invalid setting with its value and what is accepted', () => {
    const read = () =>
      readConfig(shape, { ...right, HTTP_PORT: 'http', REDIS_URL: '127.0.0.1', KAFKA_BROKERS: undefined });
    expect(read).toThrow(WrongConfiguration);
    expect(read).toThrow('HTTP_PORT is "http": must be a port number');
    expect(read).toThrow('REDIS_URL is set to an invalid value (not shown): must be a URL like redis://host:6379');
    expect(read).toThrow('KAFKA_BROKERS is not set: must be host:port');
  });
});
