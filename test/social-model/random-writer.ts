import type { NotificationGroup } from '@activity-feed/contracts';
import { type ApiAnswer, type ApiClient, request, untilCarriedOut } from '../harness/api-client';
import { ADMIN_KEY } from '../harness/system';
import type { Random } from '../world/random';
import { expectShown } from './expect-own-profile';
import { ADMIN } from './object-model';
import type { SocialModel } from './social-model';
import type { WrittenWorld } from './written-world';

const KINDS = [
  ...[
    'post',
    'post',
    'like',
    'like',
    'share',
    'unlike',
    'unshare',
    'comment',
    'comment',
    'follow',
    'unfollow',
    'remove',
  ],
  ...['edit', 'delete', 'delete', 'delete', 'restore', 'block', 'unblock', 'mute', 'unmute'],
  ...['private', 'answer', 'answer'],
] as const;
/** Answers to a write about an object or user that is being changed at the same time. */
const UNCERTAIN = [
  ...['Object deleted', 'Already deleted', 'Object restored', 'Not deleted', 'Object edited', 'Not changed'],
  ...['Activity recorded', 'OBJECT_NOT_FOUND', 'NOT_DELETER', 'NOT_OWNER', 'REPLY_INVALID'],
  ...['User followed', 'Already followed', 'User unfollowed', 'Not followed', 'USER_NOT_FOUND'],
  ...['Follower removed', 'Not a follower', 'User blocked', 'Already blocked', 'User unblocked', 'Not blocked'],
  ...['User muted', 'Already muted', 'User unmuted', 'Not muted'],
  ...[
    'Follow requested',
    'Already requested',
    'Request withdrawn',
    'Request accepted',
    'Request declined',
    'No request',
  ],
];

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
    if (kind === 'remove') return this.removeFollower();
    if (kind === 'block' || kind === 'unblock') return this.block(kind);
    if (kind === 'mute' || kind === 'unmute') return this.mute(kind);
    if (kind === 'private') return this.changeAccount();
    if (kind === 'answer') return this.answerRequest();
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
    const content = this.content();
    const answer = await this.send('/post', { type, content });
    const object = `${type}:${answer.body.object_id}`;
    this.model.posted(this.name, object, content, tokenOf(answer));
    return object;
  }

  private async follow(verb: 'follow' | 'unfollow'): Promise<undefined> {
    const { model, name } = this;
    const other = this.otherThan();
    await this.changing(other, async (isChanging) => {
      const answer = await this.send(`/${verb}`, { [verb]: other });
      this.expectAnswer(answer, isChanging(), () =>
        verb === 'follow' ? model.answerToFollow(name, other) : model.answerToUnfollow(name, other),
      );
      const token = tokenOf(answer);
      if (textOf(answer) === 'User followed') model.followed(name, other, token);
      if (textOf(answer) === 'User unfollowed') model.unfollowed(name, other, token);
      if (textOf(answer) === 'Follow requested') model.requested(name, other, true, token);
      if (textOf(answer) === 'Request withdrawn') model.requested(name, other, false, token);
      if (textOf(answer).startsWith('User ')) await this.expectShown(name, other, verb === 'follow', isChanging);
    });
  }

  /** Makes the account private or public, and then waits until all requests are accepted. */
  private async changeAccount(): Promise<undefined> {
    const { model, name } = this;
    const isPrivate = this.random.below(3) > 0;
    await this.world.changes.during(accountOf(name), async () => {
      const expected = model.accounts.answerToChange(name, isPrivate);
      const answer = await this.send('/me', { private: isPrivate }, 'PATCH');
      expect(answer.body.code ?? answer.body.private).toBe(expected === 'TOO_SOON' ? expected : isPrivate);
      if (expected !== 'changed') return;
      model.accounts.changed(name, isPrivate);
      if (!isPrivate) await this.world.settleRequests(name);
    });
  }

  private async answerRequest(): Promise<undefined> {
    const { model, name } = this;
    const requester = this.pick(model.accounts.requestsTo(name)) ?? this.otherThan();
    const verb = this.random.below(3) ? 'accept' : 'decline';
    await this.changing(requester, async (isChanging) => {
      const answer = await this.send(`/requests/${verb}`, { [verb]: requester });
      this.expectAnswer(answer, isChanging(), () => model.answerToRequest(verb, name, requester));
      if (!textOf(answer).startsWith('Request ')) return;
      await this.world.noteEndsOfRequests(requester, name);
      if (textOf(answer) !== 'Request accepted') return;
      model.followed(requester, name, tokenOf(answer), true);
      await this.expectShown(requester, name, true, isChanging);
    });
  }

  /** Marks all notifications, those from one on, or one. The projector must be up. */
  async mark(): Promise<void> {
    const { model, name } = this;
    const { notifications } = model;
    model.times = await this.world.times();
    await this.world.feedHasAll();
    const { body } = await this.client.get('/notifications');
    const listed = body.notifications as NotificationGroup[];
    const one = this.random.below(2) ? this.pick(listed) : undefined;
    const ofModel = notifications.list(name).find(({ group }) => group === one?.group);
    const until = one && { until: one.id };
    const kind = this.random.below(3);
    if (kind === 0) {
      await this.send('/notifications/seen', until ?? {});
      notifications.markSeen(name, ofModel?.place);
    } else if (kind === 1 || !one) {
      await this.send('/notifications/read', until ?? {});
      notifications.markRead(name, ofModel?.place);
    } else {
      await this.send('/notifications/read', { ids: [one.id] });
      if (ofModel) notifications.markGroupRead(name, one.group, ofModel.place);
    }
  }

  private async removeFollower(): Promise<undefined> {
    const { model, name } = this;
    const follower = this.pick(model.followersOf(name)) ?? this.otherThan();
    await this.changing(follower, async (isChanging) => {
      const answer = await this.send('/followers/remove', { remove: follower });
      this.expectAnswer(answer, isChanging(), () => model.answerToRemove(name, follower));
      if (textOf(answer) !== 'Follower removed') return;
      model.followEnded(follower, name, tokenOf(answer));
      await this.expectShown(follower, name, false, isChanging);
    });
  }

  private expectShown(follower: string, followee: string, follows: boolean, isChanging: () => boolean): Promise<void> {
    return expectShown(this.world, [follower, followee], follows, isChanging);
  }

  /** Changes what is between the user and another; `isChanging` says whether somebody else does so meanwhile. */
  private changing(other: string, change: (isChanging: () => boolean) => Promise<void>): Promise<void> {
    const pair = pairOf(this.name, other);
    const isChanging = this.world.changes.watch([pair, accountOf(this.name), accountOf(other)], 1);
    return this.world.changes.during(pair, () => change(isChanging));
  }

  private async block(verb: 'block' | 'unblock'): Promise<undefined> {
    const { model, name } = this;
    const other = (verb === 'unblock' && this.pick(model.hidden.blockedBy(name))) || this.otherThan();
    await this.changing(other, async (isChanging) => {
      const answer = await this.send(`/${verb}`, { [verb]: other });
      this.expectAnswer(answer, isChanging(), () => model.hidden.answerTo(verb, name, other));
      if (textOf(answer) === 'User blocked') model.hidden.block(name, other);
      if (textOf(answer) === 'User unblocked') model.hidden.unblock(name, other);
      const [own, ...ended] = tokensOf(answer) as [string, ...string[]];
      for (const token of ended) {
        const pair = streamOf(token) === streamOf(own) ? ([name, other] as const) : ([other, name] as const);
        if (token.startsWith('social-graph-private.')) model.requested(...pair, false, token);
        else model.followEnded(...pair, token);
      }
      await this.world.noteEndsOfRequests(other, name);
      if (textOf(answer) !== 'User blocked') return;
      await this.expectShown(name, other, false, isChanging);
      await this.expectShown(other, name, false, isChanging);
    });
  }

  private async mute(verb: 'mute' | 'unmute'): Promise<undefined> {
    const { model, name } = this;
    const muted = verb === 'unmute' ? this.pick(model.hidden.mutedBy(name)) : undefined;
    const { name: other, only } = muted ?? {
      name: this.otherThan(),
      only: this.random.below(2) ? ('shares' as const) : null,
    };
    await this.changing(other, async (isChanging) => {
      const answer = await this.send(`/${verb}`, { [verb]: other, only });
      this.expectAnswer(answer, isChanging(), () => model.hidden.answerTo(verb, name, other, only));
      if (textOf(answer) === 'User muted') model.hidden.mute(name, other, only);
      if (textOf(answer) === 'User unmuted') model.hidden.unmute(name, other, only);
    });
  }

  /** Sometimes mentions another user, unless a block is between them: while no feed is up, that is not known. */
  private content(): string {
    const other = this.otherThan();
    const isMentioned = this.random.below(3) === 0 && !this.model.hidden.areApart(this.name, other);
    return `${this.name} ${this.writes}${isMentioned ? ` @${other}` : ''}`;
  }

  private otherThan(): string {
    return this.pick(this.world.names.filter((one) => one !== this.name)) as string;
  }

  private async act(verb: 'like' | 'share' | 'unlike' | 'unshare', object: string): Promise<void> {
    const { model, name } = this;
    const isChanging = this.watch(0, object);
    const sent = await this.send('/activity', { verb, object });
    const answer = textOf(sent);
    const expected = {
      like: model.answerToLike.bind(model),
      share: model.answerToShare.bind(model),
      unlike: model.answerToUnlike.bind(model),
      unshare: model.answerToUnshare.bind(model),
    }[verb];
    const states = isChanging() ? [true, false] : [model.objects.isOpenTo(object, name)];
    expect(states.map((isOpen) => expected(name, object, isOpen))).toContain(answer);
    if (answer === 'Activity recorded') model[verb === 'like' ? 'liked' : 'shared'](name, object, tokenOf(sent));
    if (answer.endsWith(' removed')) model[verb === 'unlike' ? 'unliked' : 'unshared'](name, object);
  }

  private async comment(root: string): Promise<string> {
    const { model, name } = this;
    const comments = model.objects.names().filter((one) => model.objects.rootOf(one) !== undefined);
    const own = comments.filter((one) => model.objects.rootOf(one) === root);
    const replyTo = this.random.below(3) ? this.pick(this.random.below(8) ? own : comments) : undefined;
    const isChanging = this.watch(0, root, replyTo);
    const content = this.content();
    const reply_to = replyTo && Number(replyTo.slice('comment:'.length));
    const answer = await this.send(`/objects/${root}/comments`, { content, reply_to });
    this.expectAnswer(answer, isChanging(), () => model.answerToComment(name, root, replyTo));
    if (textOf(answer) !== 'Activity recorded') return root;
    const comment = `comment:${answer.body.object_id}`;
    model.commented(name, root, comment, content, replyTo, tokenOf(answer));
    return comment;
  }

  private async edit(object: string): Promise<void> {
    const { objects } = this.model;
    const content = this.random.below(4) ? this.content() : (objects.contentsOf(object).at(-1) as string);
    const isChanging = this.watch(0, object);
    const answer = await this.send(`/objects/${object}`, { content }, 'PATCH');
    this.expectAnswer(answer, isChanging(), () => objects.answerToEdit(this.name, object, content));
    if (textOf(answer) === 'Object edited') this.model.edited(this.name, object, content, tokenOf(answer));
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

  /**
   * Whether one of the objects, or what a comment among them hangs on, changes meanwhile, apart from `own` changes, or what
   * is between the user and one of their owners, or the owner's account.
   */
  private watch(own: number, ...objects: (string | undefined)[]): () => boolean {
    const named = objects.filter((one) => one !== undefined);
    const roots = named.flatMap((one) => this.model.objects.rootOf(one) ?? []);
    const owners = named.flatMap((one) => this.model.objects.ownersOf(one));
    const users = owners.flatMap((owner) => [pairOf(this.name, owner), accountOf(owner)]);
    return this.orRestarts(this.world.changes.watch([...named, ...roots, ...users], own));
  }

  private orRestarts(isChanging: () => boolean): () => boolean {
    const { feedsRestart } = this.world;
    return () => feedsRestart || this.world.feedsRestart || isChanging();
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

const tokensOf = ({ headers }: ApiAnswer): string[] => headers.get('consistency-token')?.split(',') ?? [];
const tokenOf = (answer: ApiAnswer): string => tokensOf(answer)[0] as string;
const streamOf = (token: string) => token.split('.')[1];

/** What the privacy of an account changes, as a name for ChangesInProgress. */
const accountOf = (user: string) => `account ${user}`;

/** The same for a block or a follow. */
const pairOf = (user: string, other: string) => `users ${[user, other].sort().join(' ')}`;

const textOf = ({ body }: ApiAnswer): string => body.code ?? body.message;
