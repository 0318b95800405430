import { type FollowAnswer, type FollowCommand, UnfollowUser } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { deleteRequests } from '../follow-requests/follow-requests';
import { Follows, followKind } from '../follow-user/follows';
import { deleteFollows } from './delete-follows';
import { decideUnfollow } from './unfollow-user.decide';

/** $6, the times of withdrawn requests, is not needed, but every parameter must have a type. */
const WITHDRAW = `
  times AS (SELECT $6::timestamptz[]), withdrawn AS (${deleteRequests('$4::int[], $5::int[]')})`;

const unfollowUser = followKind(UnfollowUser.pattern, decideUnfollow, {
  name: 'delete-follows',
  text: deleteFollows(WITHDRAW),
});

@Controller()
export class UnfollowUserHandler {
  constructor(private readonly follows: Follows) {}

  @MessagePattern(UnfollowUser.pattern)
  handle(command: FollowCommand): Promise<FollowAnswer> {
    return this.follows.change(unfollowUser, command);
  }
}
