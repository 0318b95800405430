import { inTransaction } from '@activity-feed/eventing';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Pool } from 'pg';
import { UserRegistration } from './user-registration';

export const DEMO_USERS = Symbol('DEMO_USERS');

const USERS = [
  ['ivan', 'abc123'],
  ['nico', 'abc124'],
  ['eric', 'abc125'],
] as const;

const LOCK = 'SELECT pg_advisory_xact_lock(3, 0)';

/** Registers the users of the README, with keys that everybody knows: for trying out, never for the open. */
@Injectable()
export class DemoUsers implements OnModuleInit {
  constructor(
    @Inject(DEMO_USERS) private readonly wanted: boolean,
    private readonly registration: UserRegistration,
    private readonly pool: Pool,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.wanted) return;
    // One after the other, and one instance after the other: a new database then gives them the ids 1, 2 and 3.
    const register = async () => {
      for (const [name, key] of USERS) await this.registration.execute({ name }, key);
    };
    await inTransaction(this.pool, register, { first: LOCK });
  }
}
