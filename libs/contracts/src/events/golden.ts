import type { EventMessage } from './envelope';
import commentPosted from './golden/activity.comment-posted.v1.json';
import marksMoved from './golden/activity.marks-moved.v1.json';
import deleted from './golden/activity.object-deleted.v1.json';
import deletedComment from './golden/activity.object-deleted.v1-comment.json';
import edited from './golden/activity.object-edited.v1.json';
import liked from './golden/activity.object-liked.v1.json';
import likedComment from './golden/activity.object-liked.v1-comment.json';
import posted from './golden/activity.object-posted.v1.json';
import restored from './golden/activity.object-restored.v1.json';
import shared from './golden/activity.object-shared.v1.json';
import unliked from './golden/activity.object-unliked.v1.json';
import unshared from './golden/activity.object-unshared.v1.json';
import requestEnded from './golden/social-graph.follow-request-ended.v1.json';
import requested from './golden/social-graph.follow-requested.v1.json';
import blocked from './golden/social-graph.user-blocked.v1.json';
import followed from './golden/social-graph.user-followed.v1.json';
import followAccepted from './golden/social-graph.user-followed.v1-accepted.json';
import muted from './golden/social-graph.user-muted.v1.json';
import privacyChanged from './golden/social-graph.user-privacy-changed.v1.json';
import registered from './golden/social-graph.user-registered.v1.json';
import reinstated from './golden/social-graph.user-reinstated.v1.json';
import suspended from './golden/social-graph.user-suspended.v1.json';
import unblocked from './golden/social-graph.user-unblocked.v1.json';
import unfollowed from './golden/social-graph.user-unfollowed.v1.json';
import followEnded from './golden/social-graph.user-unfollowed.v1-ended.json';
import unmuted from './golden/social-graph.user-unmuted.v1.json';

/** Example messages of each type, for tests of producers and consumers and for the documentation. */
export const goldenMessages: EventMessage[] = [
  registered,
  followed,
  unfollowed,
  posted,
  liked,
  shared,
  unliked,
  unshared,
  edited,
  commentPosted,
  likedComment,
  deleted,
  restored,
  deletedComment,
  followEnded,
  blocked,
  unblocked,
  muted,
  unmuted,
  privacyChanged,
  requested,
  followAccepted,
  requestEnded,
  marksMoved,
  suspended,
  reinstated,
];
