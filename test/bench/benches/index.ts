import type { Benchmark } from '../benchmark.ts';
import { activities } from './activities.ts';
import { activityWrites } from './activity-writes.ts';
import { aggregates } from './aggregates.ts';
import { comments } from './comments.ts';
import { cost } from './cost.ts';
import { crowd } from './crowd.ts';
import { deepPage } from './deep-page.ts';
import { deletion } from './deletion.ts';
import { expandedPages } from './expanded-pages.ts';
import { fairness } from './fairness.ts';
import { followees } from './followees.ts';
import { followers } from './followers.ts';
import { freshness } from './freshness.ts';
import { friendsPage } from './friends-page.ts';
import { hiddenUsers } from './hidden-users.ts';
import { latency } from './latency.ts';
import { myPage } from './my-page.ts';
import { notifications } from './notifications.ts';
import { overload } from './overload.ts';
import { ownProfile } from './own-profile.ts';
import { postWrites } from './post-writes.ts';
import { projector } from './projector.ts';
import { relay } from './relay.ts';
import { start } from './start.ts';
import { streams } from './streams.ts';
import { takenBack } from './taken-back.ts';
import { timelineIndex } from './timeline-index.ts';

/** The benchmarks in the order of the table. Those that add much to the shared world come after those that read it. */
export const benchmarks: readonly Benchmark[] = [
  friendsPage,
  myPage,
  deepPage,
  ownProfile,
  expandedPages,
  comments,
  followees,
  timelineIndex,
  takenBack,
  hiddenUsers,
  notifications,
  postWrites,
  activityWrites,
  cost,
  relay,
  projector,
  freshness,
  latency,
  followers,
  start,
  activities,
  aggregates,
  overload,
  fairness,
  crowd,
  deletion,
  streams,
];
