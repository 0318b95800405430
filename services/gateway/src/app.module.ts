import { createRedis, DEPENDENCIES, type Dependency, LastTraces, Logger } from '@activity-feed/hosting';
import { type DynamicModule, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Redis } from 'ioredis';
import { ActivitiesController } from './activities/activities.controller';
import { Identities } from './authenticate/identities';
import { Tickets } from './authenticate/tickets';
import { BlocksController } from './blocks-and-mutes/blocks.controller';
import { HiddenUsers } from './blocks-and-mutes/hidden-users';
import { MutesController } from './blocks-and-mutes/mutes.controller';
import { Commands } from './commands/commands';
import { CommentsController } from './comments/comments.controller';
import { type Configuration, rateLimits } from './configuration';
import { DeletionsController } from './deletions/deletions.controller';
import { EditsController } from './edits/edits.controller';
import { ErrorFilter } from './error-answers/error-filter';
import { FeedPages } from './feeds/feed-pages';
import { FeedsController } from './feeds/feeds.controller';
import { UserFeedController } from './feeds/user-feed.controller';
import { KnownUsers } from './find-users/known-users';
import { RequestsController } from './follow-requests/requests.controller';
import { FollowersController } from './follows/followers.controller';
import { FollowsController } from './follows/follows.controller';
import { GatewayHealthController } from './health/gateway-health.controller';
import { KeyChanges } from './keys/key-changes';
import { KeyRequests } from './keys/key-requests';
import { MyKeysController } from './keys/my-keys.controller';
import { UserKeysController } from './keys/user-keys.controller';
import { RateCounts } from './limit-rates/rate-counts';
import { DEFAULT_LIMITS, RateLimiter } from './limit-rates/rate-limiter';
import { LimitsController } from './limits/limits.controller';
import { MeController } from './me/me.controller';
import { OwnProfiles } from './me/own-profiles';
import { PositionController } from './me/position.controller';
import { NotificationsController } from './notifications/notifications.controller';
import { ObjectsController } from './objects/objects.controller';
import { OpenApiController, OpenApiDocument } from './openapi/openapi.controller';
import { PostsController } from './posts/posts.controller';
import { FeedReads } from './read-feed/feed-reads';
import { ObjectReads } from './read-objects/object-reads';
import { PageAnswers } from './read-objects/page-answers';
import { Consistency } from './read-own-writes/consistency';
import { StreamVersions } from './read-own-writes/stream-versions';
import { REDIS_PREFIX, WrittenVersions } from './read-own-writes/written-versions';
import { Mentions } from './resolve-mentions/mentions';
import { FeedLink } from './services/feed-link';
import { Services } from './services/services';
import { StatsController } from './stats/stats.controller';
import { OpenStreams } from './streams/open-streams';
import { StreamKeys } from './streams/stream-keys';
import { StreamsController } from './streams/streams.controller';
import { TicketsController } from './tickets/tickets.controller';
import { TrendingController } from './trending/trending.controller';
import { RegistrationController } from './users/registration.controller';
import { SuspensionsController } from './users/suspensions.controller';
import { UsersController } from './users/users.controller';
import { KnownOwners } from './visibility/known-owners';
import { Visibility } from './visibility/visibility';
import { VisibleLists } from './visibility/visible-lists';
import { VisibleObjects } from './visibility/visible-objects';

const WITHOUT = {
  activity: 'posts, likes, comments and everything about objects answer 503',
  feed: 'reads go to other readers; if there are none, feeds, objects and notifications answer 503',
  redis: 'users and versions are asked of the services; the first writes take up to half a second longer',
};

@Injectable()
class GatewayModule implements OnApplicationShutdown {
  constructor(private readonly redis: Redis) {}

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}

export function gatewayModule(configuration: Configuration, logger: Logger): DynamicModule {
  const redis = createRedis(configuration.REDIS_URL, configuration.REDIS_PREFIX, logger);
  const services = new Services(configuration);
  const feed = new FeedLink(configuration);
  const dependencies: Dependency[] = [
    // Required: it authenticates callers.
    { name: 'social-graph', required: true, check: () => services.ping('social-graph') },
    { name: 'activity', required: false, without: WITHOUT.activity, check: () => services.ping('activity') },
    { name: 'feed', required: false, without: WITHOUT.feed, check: () => feed.ping() },
    { name: 'redis', required: false, without: WITHOUT.redis, check: () => redis.ping().then(() => 'up') },
  ];
  const forAdmins = configuration.ADMIN_KEY
    ? [RegistrationController, SuspensionsController, UserKeysController, LimitsController, StatsController]
    : [];
  return {
    module: GatewayModule,
    controllers: [
      MeController,
      PositionController,
      MyKeysController,
      PostsController,
      ActivitiesController,
      FollowsController,
      FollowersController,
      RequestsController,
      BlocksController,
      MutesController,
      NotificationsController,
      StreamsController,
      TicketsController,
      FeedsController,
      UserFeedController,
      UsersController,
      TrendingController,
      ObjectsController,
      CommentsController,
      EditsController,
      DeletionsController,
      ...forAdmins,
      GatewayHealthController,
      OpenApiController,
    ],
    providers: [
      { provide: Logger, useValue: logger },
      { provide: Redis, useValue: redis },
      { provide: Services, useValue: services },
      { provide: FeedLink, useValue: feed },
      { provide: DEPENDENCIES, useValue: dependencies },
      { provide: REDIS_PREFIX, useValue: configuration.REDIS_PREFIX },
      { provide: DEFAULT_LIMITS, useValue: rateLimits(configuration) },
      { provide: APP_FILTER, useClass: ErrorFilter },
      { provide: LastTraces, useValue: new LastTraces(logger) },
      OpenApiDocument,
      Identities,
      Tickets,
      RateCounts,
      RateLimiter,
      OpenStreams,
      StreamKeys,
      StreamVersions,
      WrittenVersions,
      Consistency,
      FeedReads,
      ObjectReads,
      PageAnswers,
      FeedPages,
      KnownOwners,
      Visibility,
      VisibleObjects,
      VisibleLists,
      HiddenUsers,
      KeyChanges,
      KeyRequests,
      Commands,
      OwnProfiles,
      KnownUsers,
      Mentions,
    ],
  };
}
