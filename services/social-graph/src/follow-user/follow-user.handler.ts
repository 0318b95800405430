import { type FollowAnswer, type FollowCommand, FollowUser } from '@activity-feed/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { decideFollow, type FollowEvent } from './follow-user.decide';
import { Follows, followKind } from './follows';

/** Injection token. */
export const MAX_FOLLOWEES = Symbol('MAX_FOLLOWEES');

const projection = {
  name: 'insert-follows',
  text: `
WITH new AS (SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS f(follower_id, followee_id, since)),
     follow AS (INSERT INTO follows (follower_id, followee_id, since) SELECT * FROM new),
     request AS (
       INSERT INTO follow_requests (requester_id, target_id, since) SELECT * FROM unnest($4::int[], $5::int[], $6::timestamptz[]))
UPDATE users SET updated_at = new.since FROM new WHERE users.id = new.follower_id`,
};

@Controller()
export class FollowUserHandler {
  private readonly followUser: ReturnType<typeof followKind<FollowEvent>>;

  constructor(
    private readonly follows: Follows,
    @Inject(MAX_FOLLOWEES) maxFollowees: number,
  ) {
    this.followUser = followKind(FollowUser.pattern, decideFollow, projection, maxFollowees);
  }

  @MessagePattern(FollowUser.pattern)
  handle(command: FollowCommand): Promise<FollowAnswer> {
    return this.follows.change(this.followUser, command);
  }
}
