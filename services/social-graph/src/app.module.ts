import { writeServiceModule } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { Announcements, REDIS_PREFIX } from './announce-writes/announcements';
import { AnswerRequestHandler } from './answer-request/answer-request.handler';
import { BlockUserHandler } from './block-user/block-user.handler';
import { ChangePrivacyHandler } from './change-privacy/change-privacy.handler';
import { PublishAccounts } from './change-privacy/publish-accounts';
import type { Configuration } from './configuration';
import { FollowerCounts } from './count-followers/follower-counts';
import { FindFollowsHandler } from './find-follows/find-follows.handler';
import { FindHiddenHandler } from './find-hidden/find-hidden.handler';
import { FindKeysHandler } from './find-keys/find-keys.handler';
import { FindLimitsHandler } from './find-limits/find-limits.handler';
import { FindRequestsHandler } from './find-requests/find-requests.handler';
import { FindNamesHandler } from './find-user/find-names.handler';
import { FindProfileHandler } from './find-user/find-profile.handler';
import { FindUserHandler } from './find-user/find-user.handler';
import { KnownNames } from './find-user/known-names';
import { FollowUserHandler, MAX_FOLLOWEES } from './follow-user/follow-user.handler';
import { Follows } from './follow-user/follows';
import { IssueKeyHandler } from './issue-key/issue-key.handler';
import { MuteUserHandler } from './mute-user/mute-user.handler';
import { DEMO_USERS, DemoUsers } from './register-user/demo-users';
import { RegisterUserHandler } from './register-user/register-user.handler';
import { UserRegistration } from './register-user/user-registration';
import { FindRefusedKeysHandler } from './resolve-key/find-refused-keys.handler';
import { ResolveKeyHandler } from './resolve-key/resolve-key.handler';
import { RevokeKeysHandler } from './revoke-keys/revoke-keys.handler';
import { SetLimitsHandler } from './set-limits/set-limits.handler';
import { SuspendUserHandler } from './suspend-user/suspend-user.handler';
import { RemoveFollowerHandler } from './unfollow-user/remove-follower.handler';
import { UnfollowUserHandler } from './unfollow-user/unfollow-user.handler';

class SocialGraphModule {}

export function socialGraphModule(configuration: Configuration, logger: Logger): DynamicModule {
  return {
    module: SocialGraphModule,
    imports: [writeServiceModule('social-graph', configuration, logger)],
    controllers: [
      RegisterUserHandler,
      FollowUserHandler,
      UnfollowUserHandler,
      RemoveFollowerHandler,
      BlockUserHandler,
      MuteUserHandler,
      AnswerRequestHandler,
      ChangePrivacyHandler,
      SuspendUserHandler,
      FindUserHandler,
      FindProfileHandler,
      FindNamesHandler,
      FindFollowsHandler,
      FindHiddenHandler,
      FindRequestsHandler,
      ResolveKeyHandler,
      FindRefusedKeysHandler,
      FindKeysHandler,
      IssueKeyHandler,
      RevokeKeysHandler,
      SetLimitsHandler,
      FindLimitsHandler,
    ],
    providers: [
      {
        provide: DEMO_USERS,
        useValue: { wanted: configuration.DEMO_USERS, connectionString: configuration.DATABASE_URL, logger },
      },
      { provide: MAX_FOLLOWEES, useValue: configuration.MAX_FOLLOWEES },
      { provide: REDIS_PREFIX, useValue: configuration.REDIS_PREFIX },
      DemoUsers,
      UserRegistration,
      Follows,
      KnownNames,
      FollowerCounts,
      Announcements,
      PublishAccounts,
    ],
  };
}
