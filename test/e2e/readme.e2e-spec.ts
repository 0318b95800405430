import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ADMIN_KEY, System } from '../harness/system';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

/** Each block of curl commands with the block of answers that follows. */
const TOUR = [...README.matchAll(/```sh\n(curl[^`]*)```\n+```json\n([^`]*)```/g)].map(([, commands, answers]) => ({
  commands: commands as string,
  answers: (answers as string).trim().split('\n'),
}));

/** Replaces what differs between runs: times, values derived from them, and new keys. */
const VARYING = new Set([
  'id',
  'group',
  'time',
  'day',
  'score',
  'created_at',
  'restorable_until',
  'updated_at',
  'auth_token',
  'newer_url',
]);
const steady = (text: string) => JSON.parse(text, (name, value) => (VARYING.has(name) ? typeof value : value));

describe('the tour of the README', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());

  it('has steps', () => expect(TOUR).toHaveLength(10));

  it.each(TOUR)('gets the documented answers: $answers', async ({ commands, answers }) => {
    const script = commands
      .replaceAll('http://127.0.0.1:5000', system.address())
      .replaceAll(/^curl/gm, "curl -s -w '\\n'");
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { env: { ...process.env, ADMIN_KEY } });
    expect(stdout.trim().split('\n').map(steady)).toEqual(answers.map(steady));
    // Another user sees a write a moment later. Reads by its author wait for it, so afterwards everybody sees it.
    for (const name of ['ivan', 'nico', 'eric']) await (await system.as(name)).freshPage('/feed/my');
  });
});
