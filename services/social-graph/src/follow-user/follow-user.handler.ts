import { type FollowCommand, FollowUser, type WriteAnswer } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { decideFollow } from './follow-user.decide';
import { Follows } from './follows';

const PROJECTION = `
WITH follow AS (INSERT INTO follows (follower_id, followee_id, since) VALUES ($1, $2, $3))
UPDATE users SET updated_at = $3 WHERE id = $1`;

@Controller()
export class FollowUserHandler {
  constructor(private readonly follows: Follows) {}

  @MessagePattern(FollowUser.pattern)
  handle(command: FollowCommand): Promise<WriteAnswer> {
    return this.follows.change(command, decideFollow, PROJECTION);
  }
}
