import { type Answer, type RegisteredUser, RegisterUser, type RegisterUserCommand } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { UserRegistration } from './user-registration';

@Controller()
export class RegisterUserHandler {
  constructor(private readonly registration: UserRegistration) {}

  @MessagePattern(RegisterUser.pattern)
  handle(command: RegisterUserCommand): Promise<Answer<RegisteredUser>> {
    return this.registration.execute(command);
  }
}
