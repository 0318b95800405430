import { untilAvailable, withConnection } from '@activity-feed/backend';
import { advisoryLock } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { UserRegistration } from './user-registration';

export const DEMO_USERS = Symbol('DEMO_USERS');

export interface DemoUsersOptions {
  wanted: boolean;
  connectionString: string;
  logger: Logger;
}

const USERS = [
  ['ivan', 'abc123'],
  ['nico', 'abc124'],
  ['eric', 'abc125'],
] as const;

const LOCK = `SELECT pg_advisory_lock(${advisoryLock('demoUsers')})`;

/** Registers the users of the README. Their keys are public: only for trying out the system. */
@Injectable()
export class DemoUsers implements OnModuleInit {
  constructor(
    @Inject(DEMO_USERS) private readonly options: DemoUsersOptions,
    private readonly registration: UserRegistration,
  ) {}

  async onModuleInit(): Promise<void> {
    const { wanted, logger } = this.options;
    if (wanted)
      await untilAvailable(
        () => this.register(),
        logger,
        () => undefined,
      );
  }

  private async register(): Promise<void> {
    const { connectionString } = this.options;
    // Sequentially, one instance at a time, so that a new database assigns the ids 1, 2 and 3. The lock has its own
    // connection: in a pool of size 1 the registrations would wait for it forever.
    await withConnection({ connectionString }, async (lock) => {
      await lock.query(LOCK);
      for (const [name, key] of USERS) await this.registration.execute({ name }, key);
    });
  }
}
