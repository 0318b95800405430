import { AcceptRequest, DeclineRequest, type NewEvent, type StoredEvent, type User } from '@activity-feed/contracts';
import type { CommandKind, StreamCommand } from '@activity-feed/eventing';
import { pairsOf, sqlBlocks } from '../blocks/blocks-and-mutes';
import { deleteRequests, sqlIsPublished, sqlIsRequested } from '../follow-requests/follow-requests';
import { decideAnswer, type RequestFacts } from './answer-request.decide';

/** Relies on the primary keys of follow_requests, follows and blocks. */
const factsOf = (name: string, isRequested: string) => ({
  name,
  text: `
SELECT ${isRequested} AS "isRequested",
       EXISTS (SELECT FROM follows WHERE follower_id = actor AND followee_id = target) AS follows,
       ${sqlBlocks('actor', 'target')} AS "isBlocked"
FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS wanted(actor, target, place) ORDER BY place`,
});

/** An account that was made public has accepted all requests, and can no longer decline them. */
const FACTS = {
  accepted: factsOf(
    'accept-request-facts',
    'EXISTS (SELECT FROM follow_requests WHERE requester_id = actor AND target_id = target)',
  ),
  declined: factsOf('decline-request-facts', sqlIsRequested('actor', 'target')),
  published: factsOf('published-request-facts', sqlIsPublished('actor', 'target')),
};

/** The last is no message: social-graph carries it out by itself. */
const NAMES: Record<keyof typeof FACTS, string> = {
  accepted: AcceptRequest.pattern,
  declined: DeclineRequest.pattern,
  published: 'social-graph.accept-published-request',
};

/** $1 and $2: the requests that end; $3 to $5: the new follows, and since when. */
const PROJECTION = {
  name: 'end-follow-requests',
  text: `
WITH ended AS (
  ${deleteRequests('$1::int[], $2::int[]')}
), new AS (
  SELECT * FROM unnest($3::int[], $4::int[], $5::timestamptz[]) AS f(follower_id, followee_id, since)
), follow AS (INSERT INTO follows (follower_id, followee_id, since) SELECT * FROM new)
UPDATE users SET updated_at = new.since FROM new WHERE users.id = new.follower_id`,
};

/** A command on the stream of the requester, who is the actor of its events. */
export interface OnRequester extends StreamCommand {
  requester: User;
  target: User;
}

/**
 * Ends requests. An outcome without a change has the version of the public stream: that of the private one is nobody's
 * business but the requester's. The lock of the requester's stream orders that with what the requester does. */
export const answerKind = (
  cause: keyof typeof FACTS,
): CommandKind<OnRequester, RequestFacts, NewEvent<'social-graph.follow-request-ended.v1'>> => ({
  name: NAMES[cause],
  facts: async (tx, commands) => {
    const pairs = pairsOf(commands.map(({ requester: actor, target }) => ({ actor, target })));
    return (await tx.query<RequestFacts>(FACTS[cause], pairs)).rows;
  },
  decide: (facts, { requester, target }) => decideAnswer(facts, requester, target, cause),
  project: (recorded) => {
    const follows = recorded.flatMap(({ also }) => also as StoredEvent<'social-graph.user-followed.v1'>[]);
    return {
      ...PROJECTION,
      values: [
        ...pairsOf(recorded.map(({ event }) => event.data)),
        ...pairsOf(follows.map(({ data }) => data)),
        follows.map(({ time }) => time),
      ],
    };
  },
});
