import type { UserProfile } from '@activity-feed/contracts';
import type { MeAnswer } from './describe-me';

/** The answer to `GET /me` as JSON, without the key of the request. Names have no characters beyond ASCII. */
export class ProfileText {
  private readonly before: string;
  private readonly after: string;

  constructor({ id, name, followIds, private: isPrivate = false, createdAt, updatedAt }: UserProfile) {
    const first: Pick<MeAnswer, 'id' | 'name'> = { id, name };
    const last: Omit<MeAnswer, 'id' | 'name' | 'auth_token'> = {
      follow_ids: followIds,
      private: isPrivate,
      created_at: createdAt,
      updated_at: updatedAt,
    };
    this.before = `${JSON.stringify(first).slice(0, -1)},"auth_token":`;
    this.after = `,${JSON.stringify(last).slice(1)}`;
  }

  get length(): number {
    return this.before.length + this.after.length;
  }

  /** With one character per byte of its UTF-8. */
  withKey(key: string): string {
    return this.before + Buffer.from(JSON.stringify(key)).toString('latin1') + this.after;
  }
}
