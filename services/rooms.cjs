/**
 * The folders of each service in layers, from the bottom up. A folder imports only from lower layers, and never from
 * the files beside the folders, which assemble the service. A new folder has to be listed here.
 */
module.exports = {
  gateway: [
    ['error-answers', 'request-log'],
    ['connections', 'read-body', 'services', 'validate'],
    ['authenticate', 'find-users', 'openapi', 'read-own-writes'],
    ['commands', 'health', 'me', 'read-feed'],
    ['visibility'],
    ['read-objects', 'resolve-mentions'],
    [
      'activities',
      'blocks-and-mutes',
      'comments',
      'deletions',
      'edits',
      'feeds',
      'follows',
      'objects',
      'posts',
      'stats',
      'trending',
      'users',
    ],
  ],
  'social-graph': [
    ['blocks', 'count-followers', 'database'],
    ['find-user'],
    ['block-user', 'find-follows', 'find-hidden', 'follow-user', 'mute-user', 'register-user', 'resolve-key'],
    ['unfollow-user'],
  ],
  activity: [
    ['database', 'find-object', 'note-mentions'],
    [
      'act-on-object',
      'comment-on-object',
      'delete-object',
      'edit-object',
      'find-comments',
      'find-history',
      'find-likes-and-shares',
      'like-object',
      'post-object',
      'remove-version',
      'undo-activity',
    ],
  ],
  feed: [
    ['activity', 'database'],
    ['aggregates', 'consume-log', 'hypertable', 'keep-answers', 'timeline-index'],
    ['score-trends'],
    ['load-index', 'page', 'project-activities', 'read-own-writes', 'retain-activities', 'store-trending-lists'],
    ['hide-activities', 'read-scope', 'refresh-aggregates'],
    [
      'maintain-aggregates',
      'read-engagement',
      'read-feed',
      'read-groups',
      'read-stats',
      'read-summary',
      'read-trending',
      'read-visibility',
    ],
    ['serve-reads'],
  ],
};
