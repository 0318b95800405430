import { createRedis, type Logger } from '@activity-feed/hosting';
import type { Configuration } from './configuration';
import { AnswerCache } from './keep-answers/answer-cache';
import type { ServicePart } from './service-part';

export interface KeptAnswers extends ServicePart {
  cache: AnswerCache;
}

export function keptAnswersPart(configuration: Configuration, logger: Logger): KeptAnswers {
  const { REDIS_URL: url, REDIS_PREFIX: prefix, FEED_AGGREGATE_CACHE: seconds } = configuration;
  const redis = url === undefined ? undefined : createRedis(url, prefix, logger);
  const cache = new AnswerCache(redis, seconds);
  if (!redis) return { cache, dependencies: [], providers: [] };
  return {
    cache,
    dependencies: [
      {
        name: 'redis',
        required: false,
        without: 'each reader computes the sums of closed days and hours itself',
        check: () => redis.ping().then(() => 'up'),
      },
    ],
    providers: [{ provide: AnswerCache, useValue: { onApplicationShutdown: () => redis.disconnect() } }],
  };
}
