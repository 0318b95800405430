import { CreateFeed1700000000001 } from './1700000000001-create-feed';
import { Aggregates1700000000002 } from './1700000000002-aggregates';
import { TopicPartitions1700000000003 } from './1700000000003-topic-partitions';
import { NotedGroups1700000000004 } from './1700000000004-noted-groups';
import { Comments1700000000005 } from './1700000000005-comments';
import { AggregateCorrections1700000000006 } from './1700000000006-aggregate-corrections';
import { HiddenActivities1700000000007 } from './1700000000007-hidden-activities';
import { StreamsOfObjectStates1700000000008 } from './1700000000008-streams-of-object-states';
import { VisibleActivities1700000000009 } from './1700000000009-visible-activities';
import { GroupsSince1700000000010 } from './1700000000010-groups-since';
import { CreationOfObjects1700000000011 } from './1700000000011-creation-of-objects';
import { HiddenUsers1700000000012 } from './1700000000012-hidden-users';
import { GroupsOfViewers1700000000013 } from './1700000000013-groups-of-viewers';
import { ClosedAccounts1700000000014 } from './1700000000014-closed-accounts';
import { IndexesAboutOwners1700000000015 } from './1700000000015-indexes-about-owners';
import { GroupsAboutOwners1700000000016 } from './1700000000016-groups-about-owners';
import { OwnerActivity1700000000017 } from './1700000000017-owner-activity';
import { Notifications1700000000018 } from './1700000000018-notifications';
import { NotificationMarks1700000000019 } from './1700000000019-notification-marks';
import { LookupsOfNotifications1700000000020 } from './1700000000020-lookups-of-notifications';
import { UndoneActivitiesOfActors1700000000021 } from './1700000000021-undone-activities-of-actors';
import { LogEpoch1700000000022 } from './1700000000022-log-epoch';

/** In the order of application. Released migrations never change. */
export const migrations = [
  CreateFeed1700000000001,
  Aggregates1700000000002,
  TopicPartitions1700000000003,
  NotedGroups1700000000004,
  Comments1700000000005,
  AggregateCorrections1700000000006,
  HiddenActivities1700000000007,
  StreamsOfObjectStates1700000000008,
  VisibleActivities1700000000009,
  GroupsSince1700000000010,
  CreationOfObjects1700000000011,
  HiddenUsers1700000000012,
  GroupsOfViewers1700000000013,
  ClosedAccounts1700000000014,
  IndexesAboutOwners1700000000015,
  GroupsAboutOwners1700000000016,
  OwnerActivity1700000000017,
  Notifications1700000000018,
  NotificationMarks1700000000019,
  LookupsOfNotifications1700000000020,
  UndoneActivitiesOfActors1700000000021,
  LogEpoch1700000000022,
];
