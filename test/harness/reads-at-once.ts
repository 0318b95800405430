import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiClient } from './api-client';

/** Connections opened at a time. More would overflow the server's accept queue. */
const OPENED = 100;

export interface ReadAnswer {
  status: number;
  behind: boolean;
  code: string | undefined;
}

/** Sends `count` concurrent reads, each on its own connection, and returns their answers. */
export async function readsAtOnce(
  reader: ApiClient,
  path: string,
  headers: Record<string, string>,
  count: number,
): Promise<ReadAnswer[]> {
  const agent = new Agent({ keepAlive: false });
  const answers: Promise<ReadAnswer>[] = [];
  while (answers.length < count) {
    const sent = Array.from({ length: Math.min(OPENED, count - answers.length) }, () => {
      const request = get(reader.address + path, { agent, headers: { 'x-app-key': reader.key, ...headers } });
      answers.push(
        new Promise((resolve, reject) => {
          request.on('error', reject);
          request.on('response', (response) => readAnswer(response).then(resolve, reject));
        }),
      );
      return connected(request);
    });
    await Promise.all(sent);
  }
  return Promise.all(answers);
}

async function connected(request: ClientRequest): Promise<void> {
  const [socket] = (await once(request, 'socket')) as [Socket];
  if (socket.connecting) await once(socket, 'connect');
}

async function readAnswer(response: IncomingMessage): Promise<ReadAnswer> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const behind = response.headers['feed-freshness'] === 'behind';
  return { status: response.statusCode ?? 0, behind, code: JSON.parse(text).code };
}
