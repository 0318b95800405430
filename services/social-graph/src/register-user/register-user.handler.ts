import {
  type Answer,
  RegisterUser as message,
  type RegisteredUser,
  type RegisterUserCommand,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { RegisterUser } from './register-user';

@Controller()
export class RegisterUserHandler {
  constructor(private readonly registerUser: RegisterUser) {}

  @MessagePattern(message.pattern)
  handle(command: RegisterUserCommand): Promise<Answer<RegisteredUser>> {
    return this.registerUser.execute(command);
  }
}
