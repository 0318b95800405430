import { setTimeout as pause } from 'node:timers/promises';
import type { CommentOrder, FeedEntry, ListedComment } from '@activity-feed/contracts';

/** Milliseconds after which a read must no longer be refused or marked `behind`. */
const PATIENCE = 45_000;
/** How often a write is sent that a busy service refuses. */
const ATTEMPTS = 5;
/** Errors of a busy service. */
const REFUSALS: ReadonlySet<string> = new Set(['SERVICE_UNAVAILABLE', 'IDEMPOTENCY_KEY_IN_USE']);

export interface ApiAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: any response body
  body: any;
}

export interface Page {
  entries: FeedEntry[];
  nextUrl: string;
  headers: Headers;
}

/** An entry of an object's likes or shares. */
export interface ListEntry {
  user_name: string;
  time: string;
}

/** Sends requests to a gateway with one user's key. */
export class ApiClient {
  constructor(
    readonly address: string,
    readonly key: string,
    private readonly presented: Record<string, string> = {},
  ) {}

  /** A client for the same user at another gateway. */
  at(address: string): ApiClient {
    return new ApiClient(address, this.key, this.presented);
  }

  /** A client for the same user whose reads require other users' writes. */
  after(...writes: ApiAnswer[]): ApiClient {
    return this.presenting(writes.map(({ headers }) => headers.get('consistency-token')).join());
  }

  /** A client for the same user whose reads present `tokens`. */
  presenting(tokens: string): ApiClient {
    return new ApiClient(this.address, this.key, { 'consistency-token': tokens });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    return request(this.address, path, { headers: { 'x-app-key': this.key, ...this.presented, ...headers } });
  }

  send(path: string, body: unknown, method = 'POST'): Promise<ApiAnswer> {
    const headers = { 'x-app-key': this.key, 'content-type': 'application/json' };
    return request(this.address, path, { method, headers, body: JSON.stringify(body) });
  }

  delete(path: string): Promise<ApiAnswer> {
    return request(this.address, path, { method: 'DELETE', headers: { 'x-app-key': this.key } });
  }

  post = (type: 'post' | 'photo', content: string) => this.write('/post', { type, content });
  /** Posts a photo and returns its name. */
  photo = async (content = 'Sunrise') => `photo:${(await this.post('photo', content)).body.object_id}`;
  like = (object: string) => this.write('/activity', { verb: 'like', object });
  share = (object: string) => this.write('/activity', { verb: 'share', object });
  unlike = (object: string) => this.write('/activity', { verb: 'unlike', object });
  unshare = (object: string) => this.write('/activity', { verb: 'unshare', object });
  comment = (object: string, content: string, reply_to?: number) =>
    this.write(`/objects/${object}/comments`, { content, reply_to });
  edit = (object: string, content: string) => this.write(`/objects/${object}`, { content }, 'PATCH');
  /** Deletes an object. */
  remove = async (object: string): Promise<ApiAnswer> => {
    const answer = await untilCarriedOut(() => this.delete(`/objects/${object}`));
    expectOk(answer);
    return answer;
  };
  restore = (object: string) => this.write(`/objects/${object}/restore`, {});
  follow = (name: string) => this.write('/follow', { follow: name });
  unfollow = (name: string) => this.write('/unfollow', { unfollow: name });
  me = () => this.servedGet('/me').then(expectOk);

  async page(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return toPage(await this.get(path, headers));
  }

  servedPage = async (path: string, headers: Record<string, string> = {}): Promise<Page> =>
    toPage(await this.servedGet(path, headers));

  /** Repeats a read that a busy service refuses. */
  servedGet = (path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
    this.getUntil(path, headers, ({ status }) => status !== 503);

  freshPage = async (path: string): Promise<Page> => toPage(await this.freshGet(path));

  /**
   * On a busy machine a write may take longer than a read waits. Then the answer says so, or is 503 if what the read is about
   * may not exist for the user, and it is read again.
   */
  freshGet = (path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
    this.getUntil(path, headers, (answer) => answer.headers.get('feed-freshness') === null && answer.status !== 503);

  private async getUntil(
    path: string,
    headers: Record<string, string>,
    isWanted: (answer: ApiAnswer) => boolean,
  ): Promise<ApiAnswer> {
    for (const end = performance.now() + PATIENCE; ; await pause(25)) {
      const answer = await this.get(path, headers);
      if (isWanted(answer)) return answer;
      if (performance.now() > end) throw new Error(`${path} is refused or marked as behind for ${PATIENCE} ms`);
    }
  }

  myFeed = async () => (await this.freshPage('/feed/my')).entries;
  friendsFeed = async () => (await this.freshPage('/feed/friends')).entries;

  /** All entries of a feed, read in pages of `limit`. */
  async wholeFeed(feed: 'my' | 'friends', limit: number): Promise<FeedEntry[]> {
    const entries: FeedEntry[] = [];
    for (let path = `/feed/${feed}?limit=${limit}`; path !== ''; ) {
      const page = await this.freshPage(path);
      entries.push(...page.entries);
      path = page.nextUrl;
    }
    return entries;
  }

  /** All comments on an object, or all replies to a comment, read in pages of `limit`. */
  async comments(object: string, limit = 50, order: CommentOrder = 'oldest'): Promise<ListedComment[]> {
    return this.whole('comments', `/objects/${object}/comments?order=${order}&limit=${limit}`);
  }

  /** All entries of an object's likes or shares, read in pages of `limit`. */
  async wholeList(list: 'likes' | 'shares', object: string, limit: number): Promise<ListEntry[]> {
    return this.whole(list, `/objects/${object}/${list}?limit=${limit}`);
  }

  private async whole<Entry>(list: string, first: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let path = first; path !== ''; ) {
      const answer = await this.servedGet(path);
      expectOk(answer);
      entries.push(...answer.body[list]);
      path = answer.body.next_url;
    }
    return entries;
  }

  private async write(path: string, body: object, method?: string): Promise<ApiAnswer> {
    const answer = await untilCarriedOut(() => this.send(path, body, method));
    expectOk(answer);
    return answer;
  }
}

/** Sends a write again that a busy service refuses, which then has not carried it out. */
export async function untilCarriedOut(send: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  let answer = await send();
  for (let attempt = 1; attempt < ATTEMPTS && REFUSALS.has(answer.body?.code); attempt++) {
    await pause(Number(answer.headers.get('retry-after')) * 1_000);
    answer = await send();
  }
  return answer;
}

/** Sends a request to a gateway. Returns the parsed JSON body, or other bodies as text. */
export async function request(address: string, path: string, init: RequestInit = {}): Promise<ApiAnswer> {
  const response = await fetch(address + path, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

function toPage(answer: ApiAnswer): Page {
  const { my_feed, friends_feed, next_url } = expectOk(answer);
  return { entries: my_feed ?? friends_feed, nextUrl: next_url, headers: answer.headers };
}

// biome-ignore lint/suspicious/noExplicitAny: any response body
function expectOk({ status, body }: ApiAnswer): any {
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
