import { type FollowCommand, FollowUser, type NewEvent, type WriteAnswer } from '@activity-feed/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { decideFollow } from './follow-user.decide';
import { Follows, followKind } from './follows';

/** Injection token. */
export const MAX_FOLLOWEES = Symbol('MAX_FOLLOWEES');

const projection = {
  name: 'insert-follows',
  text: `
WITH new AS (SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS f(follower_id, followee_id, since)),
     follow AS (INSERT INTO follows (follower_id, followee_id, since) SELECT * FROM new)
UPDATE users SET updated_at = new.since FROM new WHERE users.id = new.follower_id`,
};

@Controller()
export class FollowUserHandler {
  private readonly followUser: ReturnType<typeof followKind<NewEvent<'social-graph.user-followed.v1'>>>;

  constructor(
    private readonly follows: Follows,
    @Inject(MAX_FOLLOWEES) maxFollowees: number,
  ) {
    this.followUser = followKind(decideFollow, projection, maxFollowees);
  }

  @MessagePattern(FollowUser.pattern)
  handle(command: FollowCommand): Promise<WriteAnswer> {
    return this.follows.change(this.followUser, command);
  }
}
