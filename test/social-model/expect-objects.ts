import type { Listed, ListedComment } from '@activity-feed/contracts';
import type { ApiAnswer } from '../harness/api-client';
import type { WrittenWorld } from './written-world';

const LIMIT = 7;
const NAMES_MAX = 200;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const PAGES = ['/feed/my?', '/feed/friends?', '/feed/friends?group=day&', '/trending?', '/trending?type=comment&'];

interface ListEntry {
  user_name: string;
  time: string;
  muted?: true;
}

/** Compares objects and their lists with the model. Every read includes the newest writes. */
export class ObjectReads {
  constructor(private readonly world: WrittenWorld) {}

  /** Everything about an object, as `reader` sees it. */
  async expectAsModel(object: string, reader: string): Promise<void> {
    const { model } = this.world;
    const exists = model.objects.existsFor(object, reader);
    const found = await this.get(reader, `/objects/${object}`);
    if (exists) {
      expect(found.body).toMatchObject(this.objectOf(object, reader));
      expect('deleted_at' in found.body).toBe(!model.objects.isLiving(object));
      expect('muted' in found.body).toBe(this.isMuted(model.objects.ownerOf(object), reader));
    } else expectNotFound(found);
    await this.expectList('likes', object, reader, [...model.likersOf(object)]);
    await this.expectList('shares', object, reader, model.sharersOf(object));
    await this.expectComments(object, reader);
    const history = await this.whole<{ content: string }>(reader, 'versions', `/objects/${object}/history`);
    expect(history?.map(({ content }) => content)).toEqual(exists ? model.objects.contentsOf(object) : undefined);
  }

  /** All objects, in requests for many of them. */
  async expectNamed(reader: string): Promise<void> {
    const { objects } = this.world.model;
    const all = objects.names();
    for (let from = 0; from < all.length; from += NAMES_MAX) {
      const names = all.slice(from, from + NAMES_MAX);
      const { body } = await this.get(reader, `/objects?names=${names}`);
      const existing = names.filter((name) => objects.existsFor(name, reader));
      expect(body.objects.map(nameOf)).toEqual(existing);
      expect(body.objects).toMatchObject(existing.map((name) => this.objectOf(name, reader)));
    }
  }

  /** The objects of pages with `expand=objects`. */
  async expectExpanded(reader: string): Promise<void> {
    const { objects } = this.world.model;
    for (const page of PAGES) {
      const { body } = await this.get(reader, `${page}limit=100&expand=objects`);
      const names = Object.keys(body.objects);
      expect(names.filter((name) => !objects.isOpenTo(name, reader))).toEqual([]);
      expect(body.objects).toMatchObject(Object.fromEntries(names.map((name) => [name, this.objectOf(name, reader)])));
    }
  }

  private objectOf(object: string, reader: string) {
    const { model } = this.world;
    const { objects } = model;
    const [likers, sharers] = [model.likersOf(object), model.sharersOf(object)];
    const contents = objects.contentsOf(object);
    const deletion = objects.deletionOf(object);
    return {
      owner_name: objects.ownerOf(object),
      content: contents.at(-1),
      edited_at: contents.length > 1 ? expect.stringMatching(TIME) : null,
      ...(objects.isLiving(object) ? { likes: likers.size, shares: sharers.length } : { likes: 0, shares: 0 }),
      comments: objects.countComments(object),
      liked: likers.has(reader),
      shared: sharers.includes(reader),
      ...(this.isMuted(objects.ownerOf(object), reader) && { muted: true }),
      ...(deletion && { deleted_at: expect.stringMatching(TIME), restorable_until: deletion.restorableUntil }),
    };
  }

  private async expectList(
    list: 'likes' | 'shares',
    object: string,
    reader: string,
    users: readonly string[],
  ): Promise<void> {
    const { objects, hidden } = this.world.model;
    const isHidden = (user: string) => this.world.model.isHidden(user, reader);
    const entries = await this.whole<ListEntry>(reader, list, `/objects/${object}/${list}`);
    const seen = users.filter((user) => !isHidden(user));
    const expected = objects.isLiving(object) ? seen.toSorted() : [];
    for (const { user_name, muted } of entries ?? []) {
      const isMuted =
        this.isMuted(user_name, reader) || (list === 'shares' && hidden.hasMuted(reader, user_name, 'shares'));
      expect(muted ?? false).toBe(isMuted);
    }
    expect(entries?.map(({ user_name }) => user_name).sort()).toEqual(
      objects.existsFor(object, reader) ? expected : undefined,
    );
    const times = entries?.map(({ time }) => time) ?? [];
    expect(times).toEqual(times.toSorted().reverse());
  }

  private async expectComments(object: string, reader: string): Promise<void> {
    const { objects } = this.world.model;
    const path = `/objects/${object}/comments`;
    const comments = await this.whole<ShownComment>(reader, 'comments', path, 'order=oldest');
    const newest = await this.whole<ShownComment>(reader, 'comments', path, 'order=newest');
    expect(newest?.reverse()).toEqual(comments);
    const listed = objects.hasCommentsFor(object, reader) ? objects.listed(object, reader).sort() : undefined;
    expect(comments?.map(({ object_id }) => `comment:${object_id}`).sort()).toEqual(listed);
    const times = comments?.map(({ created_at }) => created_at) ?? [];
    expect(times).toEqual(times.toSorted());
    for (const comment of comments ?? []) expect(comment).toEqual(this.listedOf(comment, reader));
  }

  /** A comment in a list, of which nobody sees what its user wrote if it is deleted. */
  private listedOf({ object_id, created_at, mentions }: ShownComment, reader: string): ShownComment {
    const name = `comment:${object_id}`;
    const { objects } = this.world.model;
    const { owner_name, content, edited_at, likes, liked, comments, muted } = this.objectOf(name, reader);
    const replyTo = objects.placeOf(name)?.replyTo;
    const reply_to = replyTo ? Number(replyTo.slice('comment:'.length)) : null;
    const common = { object_id, created_at, mentions, reply_to, replies: comments, likes };
    if (objects.deletionOf(name)) {
      return { ...common, user_name: null, content: null, liked: false, edited_at: null, deleted: true };
    }
    const written = { user_name: owner_name, content: content as string, liked, edited_at, deleted: false };
    return { ...common, ...written, ...(muted && { muted }) };
  }

  /** All entries of a list; undefined if there is no such object. */
  private async whole<Entry>(reader: string, list: string, base: string, query = ''): Promise<Entry[] | undefined> {
    const entries: Entry[] = [];
    for (let path = `${base}?limit=${LIMIT}&${query}`; path !== ''; ) {
      const answer = await this.get(reader, path);
      if (answer.status !== 200) {
        expectNotFound(answer);
        return undefined;
      }
      entries.push(...answer.body[list]);
      path = answer.body.next_url;
    }
    return entries;
  }

  private get(reader: string, path: string): Promise<ApiAnswer> {
    return this.world.reader(reader).freshGet(path, this.world.newest);
  }

  private isMuted(user: string, reader: string): boolean {
    return this.world.model.hidden.hasMuted(reader, user, null);
  }
}

/** As the API shows it. */
type ShownComment = Omit<ListedComment, keyof Listed> & { muted?: boolean };

const nameOf = (object: { object_type: string; object_id: number }) => `${object.object_type}:${object.object_id}`;

const expectNotFound = ({ status, body }: ApiAnswer) =>
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'OBJECT_NOT_FOUND' });
