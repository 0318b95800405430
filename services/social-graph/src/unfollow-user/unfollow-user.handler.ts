import { type FollowCommand, UnfollowUser, type WriteAnswer } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Follows, followKind } from '../follow-user/follows';
import { DELETE_FOLLOWS } from './delete-follows';
import { decideUnfollow } from './unfollow-user.decide';

const unfollowUser = followKind(decideUnfollow, { name: 'delete-follows', text: DELETE_FOLLOWS });

@Controller()
export class UnfollowUserHandler {
  constructor(private readonly follows: Follows) {}

  @MessagePattern(UnfollowUser.pattern)
  handle(command: FollowCommand): Promise<WriteAnswer> {
    return this.follows.change(unfollowUser, command);
  }
}
