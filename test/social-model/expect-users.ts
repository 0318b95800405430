import type { ApiAnswer, ApiClient } from '../harness/api-client';
import type { WrittenWorld } from './written-world';

const LIMIT = 3;

/** Compares profiles and lists of followers with the model. */
export class UserReads {
  constructor(private readonly world: WrittenWorld) {}

  /** All about the user `name`, as `reader` sees it. */
  async expectAsModel(name: string, reader: string): Promise<void> {
    const { model } = this.world;
    const [followers, followees] = [model.followersOf(name), model.followees(name)];
    expect((await this.get(reader, `/users/${name}`)).body).toMatchObject({
      name,
      followers: followers.length,
      following: followees.length,
      you_follow: followers.includes(reader),
      follows_you: followees.includes(reader),
    });
    await this.expectList('followers', name, reader, followers);
    await this.expectList('following', name, reader, followees);
  }

  private async expectList(
    list: 'followers' | 'following',
    name: string,
    reader: string,
    users: readonly string[],
  ): Promise<void> {
    const entries: { name: string; since: string }[] = [];
    for (let path = `/users/${name}/${list}?limit=${LIMIT}`; path !== ''; ) {
      const { body } = await this.get(reader, path);
      entries.push(...body.users);
      path = body.next_url;
    }
    expect(entries.map((entry) => entry.name).sort()).toEqual(users.toSorted());
    const times = entries.map(({ since }) => since);
    expect(times).toEqual(times.toSorted().reverse());
  }

  private async get(reader: string, path: string): Promise<ApiAnswer> {
    const client = this.world.clients.get(reader) as ApiClient;
    const answer = await client.get(path);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    return answer;
  }
}
