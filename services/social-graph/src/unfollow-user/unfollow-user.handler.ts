import { type FollowCommand, UnfollowUser, type WriteAnswer } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Follows, followKind } from '../follow-user/follows';
import { decideUnfollow } from './unfollow-user.decide';

const unfollowUser = followKind(decideUnfollow, {
  name: 'delete-follows',
  text: `
WITH gone AS (SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS f(follower_id, followee_id, time)),
     unfollow AS (DELETE FROM follows USING gone
                  WHERE (follows.follower_id, follows.followee_id) = (gone.follower_id, gone.followee_id))
UPDATE users SET updated_at = gone.time FROM gone WHERE users.id = gone.follower_id`,
});

@Controller()
export class UnfollowUserHandler {
  constructor(private readonly follows: Follows) {}

  @MessagePattern(UnfollowUser.pattern)
  handle(command: FollowCommand): Promise<WriteAnswer> {
    return this.follows.change(unfollowUser, command);
  }
}
