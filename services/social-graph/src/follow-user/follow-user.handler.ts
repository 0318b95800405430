import { type FollowCommand, FollowUser, type WriteAnswer } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { decideFollow } from './follow-user.decide';
import { Follows, followKind } from './follows';

const followUser = followKind(decideFollow, {
  name: 'insert-follows',
  text: `
WITH new AS (SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS f(follower_id, followee_id, since)),
     follow AS (INSERT INTO follows (follower_id, followee_id, since) SELECT * FROM new)
UPDATE users SET updated_at = new.since FROM new WHERE users.id = new.follower_id`,
});

@Controller()
export class FollowUserHandler {
  constructor(private readonly follows: Follows) {}

  @MessagePattern(FollowUser.pattern)
  handle(command: FollowCommand): Promise<WriteAnswer> {
    return this.follows.change(followUser, command);
  }
}
