import { setTimeout as pause } from 'node:timers/promises';
import { type ApiAnswer, type ApiClient, request } from '../harness/api-client';
import { ADMIN_KEY } from '../harness/system';
import type { Random } from '../world/random';
import { ADMIN } from './object-model';
import type { SocialModel } from './social-model';
import type { WrittenWorld } from './written-world';

const KINDS = [
  ...['post', 'post', 'like', 'like', 'share', 'unlike', 'unshare', 'comment', 'comment', 'follow', 'unfollow'],
  ...['edit', 'delete', 'delete', 'delete', 'restore'],
] as const;
/** Answers to a write about an object that is being deleted or restored at the same time. */
const UNCERTAIN = [
  ...['Object deleted', 'Already deleted', 'Object restored', 'Not deleted', 'Object edited', 'Not changed'],
  ...['Activity recorded', 'OBJECT_NOT_FOUND', 'NOT_DELETER', 'NOT_OWNER', 'REPLY_INVALID'],
];

/** How often a write is sent that an overloaded service refuses, which then has not carried it out. */
const ATTEMPTS = 5;

/** Writes what a user might, at random, and expects the answers of the model. */
export class RandomWriter {
  private writes = 0;

  constructor(
    private readonly world: WrittenWorld,
    private readonly name: string,
    private readonly random: Random,
  ) {}

  /** Returns the object that was written about, if any. */
  async write(): Promise<string | undefined> {
    this.writes++;
    const kind = this.pick(KINDS) as (typeof KINDS)[number];
    if (kind === 'follow' || kind === 'unfollow') return this.follow(kind);
    const object = this.model.objects.names().length > 0 && kind !== 'post' ? this.choose(kind) : undefined;
    if (object === undefined) return this.post();
    if (kind === 'comment') return this.comment(object);
    if (kind === 'edit') await this.edit(object);
    else if (kind === 'delete' || kind === 'restore') await this.change(kind, object);
    else await this.act(kind as 'like' | 'share' | 'unlike' | 'unshare', object);
    return object;
  }

  private async post(): Promise<string> {
    const type = this.random.below(2) ? 'post' : 'photo';
    const content = `${this.name} ${this.writes}`;
    const answer = await this.send('/post', { type, content });
    const object = `${type}:${answer.body.object_id}`;
    this.model.posted(this.name, object, content);
    return object;
  }

  private async follow(verb: 'follow' | 'unfollow'): Promise<undefined> {
    const other = this.pick(this.world.names.filter((one) => one !== this.name)) as string;
    const answer = await this.send(`/${verb}`, { [verb]: other });
    expect(textOf(answer)).toBe(this.model[verb](this.name, other));
  }

  private async act(verb: 'like' | 'share' | 'unlike' | 'unshare', object: string): Promise<void> {
    const { model, name } = this;
    const isChanging = this.watch(0, object);
    const answer = textOf(await this.send('/activity', { verb, object }));
    const expected = {
      like: model.answerToLike.bind(model),
      share: model.answerToShare.bind(model),
      unlike: model.answerToUnlike.bind(model),
      unshare: model.answerToUnshare.bind(model),
    }[verb];
    const states = isChanging() ? [true, false] : [model.objects.isLiving(object)];
    expect(states.map((isLiving) => expected(name, object, isLiving))).toContain(answer);
    if (answer === 'Activity recorded') model[verb === 'like' ? 'liked' : 'shared'](name, object);
    if (answer.endsWith(' removed')) model[verb === 'unlike' ? 'unliked' : 'unshared'](name, object);
  }

  private async comment(root: string): Promise<string> {
    const { model, name } = this;
    const comments = model.objects.names().filter((one) => model.objects.rootOf(one) !== undefined);
    const own = comments.filter((one) => model.objects.rootOf(one) === root);
    const replyTo = this.random.below(3) ? this.pick(this.random.below(8) ? own : comments) : undefined;
    const isChanging = this.watch(0, root, replyTo);
    const content = `${name} ${this.writes}`;
    const reply_to = replyTo && Number(replyTo.slice('comment:'.length));
    const answer = await this.send(`/objects/${root}/comments`, { content, reply_to });
    this.expectAnswer(answer, isChanging(), () => model.answerToComment(root, replyTo));
    if (textOf(answer) !== 'Activity recorded') return root;
    const comment = `comment:${answer.body.object_id}`;
    model.commented(name, root, comment, content, replyTo);
    return comment;
  }

  private async edit(object: string): Promise<void> {
    const { objects } = this.model;
    const content = this.random.below(4)
      ? `${this.name} ${this.writes}`
      : (objects.contentsOf(object).at(-1) as string);
    const isChanging = this.watch(0, object);
    const answer = await this.send(`/objects/${object}`, { content }, 'PATCH');
    this.expectAnswer(answer, isChanging(), () => objects.answerToEdit(this.name, object, content));
    if (textOf(answer) === 'Object edited') objects.edited(object, content);
  }

  /** Deletes or restores, with the user's key or the admin key. */
  private async change(kind: 'delete' | 'restore', object: string): Promise<void> {
    const { objects } = this.model;
    const usesAdminKey = this.random.below(objects.deletionOf(object)?.by === ADMIN ? 2 : 8) === 0;
    const by = usesAdminKey ? ADMIN : this.name;
    const isChanging = this.watch(1, object);
    await this.world.changes.during(object, async () => {
      const answer = await (kind === 'delete' ? this.delete(by, object) : this.restore(by, object));
      const version = this.world.note(answer);
      this.expectAnswer(answer, isChanging(), () =>
        kind === 'delete' ? objects.answerToDelete(by, object) : objects.answerToRestore(by, object),
      );
      const deletion = objects.deletionOf(object);
      if (textOf(answer) === 'Object deleted') objects.deleted(object, by, answer.body.restorable_until, version);
      if (textOf(answer) === 'Object restored') objects.restored(object, version);
      if (textOf(answer) === 'Already deleted' && !isChanging()) {
        expect(answer.body.restorable_until).toBe(deletion?.restorableUntil);
      }
    });
  }

  private delete(by: string, object: string): Promise<ApiAnswer> {
    return this.as(by, `/objects/${object}`, { method: 'DELETE' });
  }

  private restore(by: string, object: string): Promise<ApiAnswer> {
    const headers = { 'content-type': 'application/json' };
    return this.as(by, `/objects/${object}/restore`, { method: 'POST', headers, body: '{}' });
  }

  private as(by: string, path: string, { headers, ...init }: RequestInit): Promise<ApiAnswer> {
    const key = by === ADMIN ? { 'x-admin-key': ADMIN_KEY } : { 'x-app-key': this.client.key };
    const all = { ...init, headers: { ...(headers as Record<string, string>), ...key } };
    return untilCarriedOut(() => request(this.world.address, path, all));
  }

  /** An object for a write of this kind. Often chooses among those that the write would change. */
  private choose(kind: (typeof KINDS)[number]): string {
    const { objects } = this.model;
    const all = objects.names();
    const posted = all.filter((one) => objects.rootOf(one) === undefined);
    const isOwn = (one: string) =>
      objects.ownerOf(one) === this.name || objects.ownerOf(objects.rootOf(one) ?? one) === this.name;
    const meant = {
      unlike: () => this.model.objectsOf('like', this.name),
      unshare: () => this.model.objectsOf('share', this.name),
      edit: () => all.filter((one) => objects.ownerOf(one) === this.name),
      delete: () => all.filter(isOwn),
      restore: () => all.filter((one) => [this.name, ADMIN].includes(objects.deletionOf(one)?.by ?? '')),
    }[kind as string];
    // Comments cannot be shared or commented on.
    const any = kind === 'share' || kind === 'unshare' || kind === 'comment' ? posted : all;
    return (meant && this.random.below(4) > 0 && this.pick(meant())) || (this.pick(any) as string);
  }

  private async send(path: string, body: unknown, method?: string): Promise<ApiAnswer> {
    const answer = await untilCarriedOut(() => this.client.send(path, body, method));
    this.world.note(answer);
    return answer;
  }

  private expectAnswer(answer: ApiAnswer, isChanging: boolean, expected: () => string): void {
    expect(isChanging ? UNCERTAIN : [expected()]).toContain(textOf(answer));
  }

  /** Whether one of the objects, or what a comment among them hangs on, changes meanwhile, apart from `own` changes. */
  private watch(own: number, ...objects: (string | undefined)[]): () => boolean {
    const named = objects.filter((one) => one !== undefined);
    const roots = named.flatMap((one) => this.model.objects.rootOf(one) ?? []);
    return this.world.changes.watch([...named, ...roots], own);
  }

  private pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.random.below(items.length)];
  }

  private get client(): ApiClient {
    return this.world.clients.get(this.name) as ApiClient;
  }

  private get model(): SocialModel {
    return this.world.model;
  }
}

const textOf = ({ body }: ApiAnswer): string => body.code ?? body.message;

async function untilCarriedOut(send: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  let answer = await send();
  for (let attempt = 1; attempt < ATTEMPTS && answer.body?.code === 'SERVICE_UNAVAILABLE'; attempt++) {
    await pause(Number(answer.headers.get('retry-after')) * 1_000);
    answer = await send();
  }
  return answer;
}
