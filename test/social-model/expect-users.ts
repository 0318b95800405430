import type { ApiAnswer } from '../harness/api-client';
import type { WrittenWorld } from './written-world';

const LIMIT = 3;

/** Compares profiles and lists of followers with the model. */
export class UserReads {
  constructor(private readonly world: WrittenWorld) {}

  /** All about the user `name`, as `reader` sees it. */
  async expectAsModel(name: string, reader: string): Promise<void> {
    const { model } = this.world;
    const { hidden, accounts } = model;
    if (hidden.areApart(name, reader)) return this.expectHidden(name, reader);
    const [followers, followees] = [model.followersOf(name), model.followees(name)];
    expect((await this.get(reader, `/users/${name}`)).body).toMatchObject({
      name,
      followers: followers.length,
      following: followees.length,
      private: accounts.isPrivate(name),
      you_follow: followers.includes(reader),
      follows_you: followees.includes(reader),
      requested: accounts.hasRequested(reader, name),
      you_mute: hidden.hasMuted(reader, name, null),
      you_mute_shares: hidden.hasMuted(reader, name, 'shares'),
      you_block: false,
    });
    const seen = (users: string[]) => model.listedFor(reader, name, users);
    await this.expectList(`/users/${name}/followers`, reader, seen(followers));
    await this.expectList(`/users/${name}/following`, reader, seen(followees));
  }

  /** The lists of whom `reader` hides, and of requests to follow. */
  async expectListsOf(reader: string): Promise<void> {
    const { hidden, accounts } = this.world.model;
    await this.expectList('/me/requests', reader, accounts.requestsTo(reader));
    await this.expectList('/me/requested', reader, accounts.requestsOf(reader));
    await this.expectList('/me/blocks', reader, hidden.blockedBy(reader));
    const mutes = hidden.mutedBy(reader).map(({ name }) => name);
    await this.expectList('/me/mutes', reader, mutes);
  }

  private async expectHidden(name: string, reader: string): Promise<void> {
    const { status, body } = await this.world.reader(reader).get(`/users/${name}`);
    if (this.world.model.hidden.hasBlocked(reader, name))
      expect([status, body]).toEqual([200, { name, you_block: true }]);
    else expect([status, body.code]).toEqual([404, 'USER_NOT_FOUND']);
    for (const list of ['followers', 'following', 'feed']) {
      const answer = await this.world.reader(reader).freshGet(`/users/${name}/${list}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'USER_NOT_FOUND']);
    }
  }

  private async expectList(list: string, reader: string, users: readonly string[]): Promise<void> {
    const entries: { name: string; since: string }[] = [];
    for (let path = `${list}?limit=${LIMIT}`; path !== ''; ) {
      const { body } = await this.get(reader, path);
      entries.push(...body.users);
      path = body.next_url;
    }
    expect(entries.map((entry) => entry.name).sort()).toEqual(users.toSorted());
    const times = entries.map(({ since }) => since);
    expect(times).toEqual(times.toSorted().reverse());
  }

  private async get(reader: string, path: string): Promise<ApiAnswer> {
    const answer = await this.world.reader(reader).get(path);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    return answer;
  }
}
