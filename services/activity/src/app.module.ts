import { writeServiceModule } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { ActOnObjectHandler } from './act-on-object/act-on-object.handler';
import { CommentOnObjectHandler } from './comment-on-object/comment-on-object.handler';
import type { Configuration } from './configuration';
import { DeleteObjectHandler, RESTORE_DAYS } from './delete-object/delete-object.handler';
import { EditObjectHandler } from './edit-object/edit-object.handler';
import { FindCommentsHandler } from './find-comments/find-comments.handler';
import { FindHistoryHandler } from './find-history/find-history.handler';
import { FindLikesAndSharesHandler } from './find-likes-and-shares/find-likes-and-shares.handler';
import { FindObjectHandler } from './find-object/find-object.handler';
import { KnownObjects } from './find-object/known-objects';
import { FindReadPositionHandler } from './find-read-position/find-read-position.handler';
import { LikeObjectHandler } from './like-object/like-object.handler';
import { MarkNotificationsHandler } from './mark-notifications/mark-notifications.handler';
import { PostObjectHandler } from './post-object/post-object.handler';
import { RemoveVersionHandler } from './remove-version/remove-version.handler';
import { UndoActivityHandler } from './undo-activity/undo-activity.handler';

class ActivityModule {}

export function activityModule(configuration: Configuration, logger: Logger): DynamicModule {
  return {
    module: ActivityModule,
    imports: [writeServiceModule('activity', configuration, logger)],
    controllers: [
      PostObjectHandler,
      LikeObjectHandler,
      ActOnObjectHandler,
      UndoActivityHandler,
      CommentOnObjectHandler,
      EditObjectHandler,
      RemoveVersionHandler,
      DeleteObjectHandler,
      MarkNotificationsHandler,
      FindObjectHandler,
      FindLikesAndSharesHandler,
      FindHistoryHandler,
      FindCommentsHandler,
      FindReadPositionHandler,
    ],
    providers: [KnownObjects, { provide: RESTORE_DAYS, useValue: configuration.OBJECT_RESTORE_DAYS }],
  };
}
