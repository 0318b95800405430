import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { freePorts } from '../harness/free-ports';
import { testServers } from '../harness/servers';

const ROOT = join(__dirname, '../..');
const SERVICES = ['gateway', 'social-graph', 'activity', 'feed'] as const;
/** Milliseconds after which a file is saved again. */
const SAVED_AGAIN = 15_000;
type Pids = Record<(typeof SERVICES)[number], number>;

/** A copy of the built project that may be edited. */
function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'activity-feed-dev-'));
  const left = new Set(['node_modules', '.git', '.data', 'coverage']);
  cpSync(ROOT, copy, { recursive: true, preserveTimestamps: true, filter: (path) => !left.has(basename(path)) });
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@activity-feed'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@activity-feed') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync(join(ROOT, 'libs'))) {
    symlinkSync(join(copy, 'libs', name), join(modules, '@activity-feed', name));
  }
  return copy;
}

/** The pids of the services of the project in `folder`. */
function pidsIn(folder: string): Partial<Pids> {
  const found: Partial<Pids> = {};
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const args = argumentsOf(pid);
    if (args.includes('--watch')) continue;
    for (const name of SERVICES) if (args.includes(join(folder, `services/${name}/dist/main.js`))) found[name] = +pid;
  }
  return found;
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

describe('npm run dev', () => {
  let folder: string;
  let url: string;
  let dev: ChildProcess;
  let output = '';

  beforeAll(async () => {
    folder = copyProject();
    const { postgres, timescaledb, brokers, redis } = testServers();
    const variables = [
      'GATEWAY_PORT',
      'GATEWAY_METRICS_PORT',
      ...['SOCIAL_GRAPH', 'ACTIVITY', 'FEED'].flatMap((name) => [`${name}_PORT`, `${name}_HTTP_PORT`]),
    ];
    const ports = await freePorts(variables.length);
    const portOf = Object.fromEntries(variables.map((name, index) => [name, String(ports[index])]));
    url = `http://127.0.0.1:${portOf.GATEWAY_PORT}`;
    dev = spawn(process.execPath, [join(folder, 'infra/dev.ts')], {
      cwd: folder,
      env: {
        ...process.env,
        ...portOf,
        NODE_OPTIONS: '',
        POSTGRES_URL: postgres,
        TIMESCALEDB_URL: timescaledb,
        KAFKA_BROKERS: brokers.join(','),
        REDIS_URL: redis,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    dev.stdout?.on('data', collect);
    dev.stderr?.on('data', collect);
  });

  afterAll(async () => {
    if (dev?.exitCode === null) {
      dev.kill('SIGINT');
      await once(dev, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function edit(file: string, from: string, to: string): Promise<void> {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  }

  /** Edits as `edit`, and saves again while `isSeen` is false: Node misses changes while it starts to watch a new process. */
  async function editUntil(isSeen: () => Promise<boolean>, file: string, from: string, to: string): Promise<void> {
    await edit(file, from, to);
    let saved = performance.now();
    const isSeenOrSaved = async () => {
      if (await isSeen().catch(() => false)) return true;
      if (performance.now() - saved < SAVED_AGAIN) return false;
      appendFileSync(join(folder, file), '// Saved again.\n');
      saved = performance.now();
      return false;
    };
    await eventually(`${to} is seen`, isSeenOrSaved, { within: 90_000 });
  }

  const hasTitle = async (title: string) => {
    const { body } = await request(url, '/openapi.json');
    return (body as { info: { title: string } }).info.title === title;
  };
  const running = () => pidsIn(folder) as Pids;

  it('restarts only the services that use a changed file, until Ctrl-C stops everything', async () => {
    await eventually('everything runs', () => output.includes('The system is running') || dev.exitCode !== null, {
      within: 120_000,
    });
    const started = running();
    expect({ output, names: Object.keys(started).sort() }).toEqual({ output, names: [...SERVICES].sort() });

    const document = 'services/gateway/src/openapi/document.ts';
    await edit(document, `.setTitle('Activity Feed System')`, `.setTitle('Edited')`);
    await eventually('the gateway answers as edited', () => hasTitle('Edited'), { within: 90_000 });
    // A shorter text in the same file.
    await editUntil(() => hasTitle('E'), document, `.setTitle('Edited')`, `.setTitle('E')`);
    const { gateway, ...others } = running();
    expect(others).toEqual({ 'social-graph': started['social-graph'], activity: started.activity, feed: started.feed });
    expect(gateway).not.toBe(started.gateway);

    // Only the gateway and the feed use this library.
    const areRestarted = async () => {
      const now = running();
      return ![undefined, started.feed].includes(now.feed) && ![undefined, gateway].includes(now.gateway);
    };
    await editUntil(
      areRestarted,
      'libs/link/src/link-error.ts',
      '/** Why a call has no answer. */',
      'console.log("edited");',
    );
    await eventually('all is ready', async () => (await request(url, '/health/ready')).status === 200, {
      within: 60_000,
    });
    expect(running()).toMatchObject({ 'social-graph': started['social-graph'], activity: started.activity });

    dev.kill('SIGINT');
    await once(dev, 'exit');
    expect(dev.exitCode).toBe(0);
    expect(running()).toEqual({});
  }, 300_000);
});
