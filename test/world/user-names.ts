import type { Client } from 'pg';
import type { WorldPlan } from './plan.ts';

/** The names of a world's registered users. */
export class UserNames {
  private readonly names: string[] = [];
  private readonly firstId: number;

  private constructor(firstId: number) {
    this.firstId = firstId;
  }

  /** Includes users whom an earlier run registered. */
  static async read(client: Client, { firstIds, users }: WorldPlan): Promise<UserNames> {
    const names = new UserNames(firstIds.user);
    const { rows } = await client.query<{ id: number; name: string }>(
      'SELECT id, name FROM users WHERE id >= $1 AND id < $2',
      [firstIds.user, firstIds.user + users],
    );
    for (const { id, name } of rows) names.registered(id, name);
    return names;
  }

  registered(id: number, name: string): void {
    this.names[id - this.firstId] = name;
  }

  of(user: number): string {
    const name = this.names[user];
    if (name === undefined) throw new Error(`user ${user} of the world is not registered yet`);
    return name;
  }
}
