import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { RegisterUser } from './register-user';

export const DEMO_USERS = Symbol('DEMO_USERS');

const USERS = [
  ['ivan', 'abc123'],
  ['nico', 'abc124'],
  ['eric', 'abc125'],
] as const;

/** Registers the users of the README, with keys that everybody knows: for trying out, never for the open. */
@Injectable()
export class DemoUsers implements OnModuleInit {
  constructor(
    @Inject(DEMO_USERS) private readonly wanted: boolean,
    private readonly registerUser: RegisterUser,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.wanted) return;
    // One after the other: a new database then gives them the ids 1, 2 and 3. Those that exist stay as they are.
    for (const [name, key] of USERS) await this.registerUser.execute({ name }, key);
  }
}
