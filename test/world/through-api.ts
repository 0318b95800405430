import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ObjectVerb, UndoVerb } from '@activity-feed/contracts';
import { request } from 'undici';
import { OperatorError, say } from '../../infra/console.ts';
import { type Environment, secret } from '../../infra/environment.ts';
import { infraSettings } from '../../infra/settings.ts';
import { contentOf } from './event-rows.ts';
import { nameAfter } from './names.ts';
import type { WantedWorld } from './plan.ts';
import { Progress } from './progress.ts';
import type { WorldComment } from './social-state.ts';
import { type Happening, World } from './world.ts';

/** Limits users times activities, because requests are sent one after the other. */
const MOST = 2_000_000;

/** Sends a request for each happening of the world. The events get the current time, not the times of the plan. */
export async function writeThroughApi(
  wanted: WantedWorld,
  gateway: string,
  root: string,
  signal: AbortSignal,
): Promise<number> {
  if (wanted.users * wanted.activities > MOST) {
    throw new OperatorError('With --through-api, users × activities must be at most 2,000,000.');
  }
  const api = new Api(gateway, adminKey(root, process.env), wanted.seed);
  const plan = { ...wanted, firstIds: { user: 0, post: 0, photo: 0, comment: 0 } };
  const happenings = [...new World(plan).happenings()];
  const progress = new Progress('sent', happenings.length);
  let sent = 0;
  for (const happening of happenings) {
    if (signal.aborted) break;
    await api.happen(happening);
    progress.show(++sent);
  }
  progress.end(sent);
  const [celebrity] = [new World(plan).userAt(0)];
  say(`
Try it as ${api.nameOf(celebrity)}, the most popular user:

  curl -H 'X-App-Key: ${api.keyOf(celebrity)}' ${gateway}/feed/friends`);
  return signal.aborted ? 130 : 0;
}

/** The admin key from the environment, or the one that `npm start` generated. */
export function adminKey(root: string, env: Environment): string {
  const file = join(infraSettings(root, env, 'start').dataFolder, 'admin-key');
  const key = secret(env, 'ADMIN_KEY') ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
  if (!key) throw new OperatorError('Registering users requires the admin key: set ADMIN_KEY.');
  return key;
}

/** The fields of the API's answers that are read here. */
interface Answer {
  code?: string;
  object_id?: number;
  auth_token?: string;
}

type Method = 'POST' | 'PUT' | 'DELETE';

class Api {
  private readonly users = new Map<number, { name: string; key: string }>();
  /** The ids that the system assigned to the world's objects. */
  private readonly ids = new Map<string, number>();

  private readonly gateway: string;
  private readonly adminKey: string;
  private readonly seed: number;

  constructor(gateway: string, adminKey: string, seed: number) {
    this.gateway = gateway;
    this.seed = seed;
    this.adminKey = adminKey;
  }

  keyOf(user: number): string {
    return this.users.get(user)?.key ?? '';
  }

  nameOf(user: number): string {
    return this.users.get(user)?.name ?? '';
  }

  async happen({ type, actor, target, object }: Happening): Promise<unknown> {
    const name = object && `${object.type}:${object.id}`;
    switch (type) {
      case 'social-graph.user-registered.v1': {
        return this.register(actor);
      }
      case 'social-graph.user-followed.v1':
        return this.as(actor, '/follow', { follow: this.nameOf(target as number) });
      case 'social-graph.user-unfollowed.v1':
        return this.as(actor, '/unfollow', { unfollow: this.nameOf(target as number) });
      case 'activity.object-posted.v1': {
        const body = { type: object?.type, content: contentOf(object?.id ?? 0) };
        const { object_id } = await this.as(actor, '/post', body);
        this.ids.set(name as string, object_id as number);
        return;
      }
      case 'activity.comment-posted.v1': {
        const { id, root, replyTo } = object as WorldComment;
        const reply_to = replyTo ? this.ids.get(`comment:${replyTo.id}`) : undefined;
        const on = `${root.type}:${this.ids.get(`${root.type}:${root.id}`)}`;
        const { object_id } = await this.as(actor, `/objects/${on}/comments`, { content: contentOf(id), reply_to });
        this.ids.set(name as string, object_id as number);
        return;
      }
      case 'activity.object-liked.v1':
        return this.act(actor, 'like', name);
      case 'activity.object-shared.v1':
        return this.act(actor, 'share', name);
      case 'activity.object-unliked.v1':
        return this.act(actor, 'unlike', name);
      case 'activity.object-unshared.v1':
        return this.act(actor, 'unshare', name);
      case 'activity.object-deleted.v1':
        return this.as(actor, this.pathOf(name), undefined, 'DELETE');
      case 'activity.object-restored.v1':
        return this.as(actor, `${this.pathOf(name)}/restore`, {});
    }
  }

  /** Registers a user with the first of their names that is not taken. */
  private async register(user: number): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const name = nameAfter(attempt, user, this.seed);
      const { status, answer } = await this.send('/users', { name }, { 'x-admin-key': this.adminKey });
      if (answer.code === 'NAME_TAKEN') continue;
      assertOk('/users', status, answer);
      this.users.set(user, { name, key: answer.auth_token as string });
      return this.liftLimits(name);
    }
  }

  /** Popular users write more than people do. A gateway of an earlier version has no limits. */
  private async liftLimits(name: string): Promise<void> {
    const path = `/users/${name}/limits`;
    const limits = { reads: 0, writes: 0, aggregates: 0 };
    const { status, answer } = await this.send(path, limits, { 'x-admin-key': this.adminKey }, 'PUT');
    if (status !== 404 && status !== 405) assertOk(path, status, answer);
  }

  /** `name` is that of the world. */
  private act(user: number, verb: ObjectVerb | UndoVerb, name: string | undefined) {
    return this.as(user, '/activity', { verb, object: this.nameInSystem(name) });
  }

  /** The name that the system gave the world's object. */
  private nameInSystem(name: string | undefined): string {
    const [type] = (name as string).split(':');
    return `${type}:${this.ids.get(name as string)}`;
  }

  private pathOf(name: string | undefined): string {
    return `/objects/${this.nameInSystem(name)}`;
  }

  private async as(user: number, path: string, body?: object, method: Method = 'POST'): Promise<Answer> {
    const { status, answer } = await this.send(path, body, { 'x-app-key': this.keyOf(user) }, method);
    assertOk(path, status, answer);
    return answer;
  }

  /** Sends a request again that is beyond a rate limit. */
  private async send(
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
    method: Method = 'POST',
  ): Promise<{ status: number; answer: Answer }> {
    // fetch refuses some ports that a gateway may use.
    const response = await request(this.gateway + path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.body.json()) as Answer;
    if (answer.code !== 'RATE_LIMITED') return { status: response.statusCode, answer };
    await pause(Number(response.headers['retry-after']) * 1_000);
    return this.send(path, body, headers, method);
  }
}

function assertOk(path: string, status: number, answer: unknown): void {
  if (status >= 300) throw new OperatorError(`${path} answered ${status}: ${JSON.stringify(answer)}`);
}
