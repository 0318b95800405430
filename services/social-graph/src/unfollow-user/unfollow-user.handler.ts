import { type FollowCommand, UnfollowUser, type WriteAnswer } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Follows } from '../follow-user/follows';
import { decideUnfollow } from './unfollow-user.decide';

const PROJECTION = `
WITH unfollow AS (DELETE FROM follows WHERE follower_id = $1 AND followee_id = $2)
UPDATE users SET updated_at = $3 WHERE id = $1`;

@Controller()
export class UnfollowUserHandler {
  constructor(private readonly follows: Follows) {}

  @MessagePattern(UnfollowUser.pattern)
  handle(command: FollowCommand): Promise<WriteAnswer> {
    return this.follows.change(command, decideUnfollow, PROJECTION);
  }
}
