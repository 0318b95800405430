// Runs on any Node since 18 with nothing installed: brings in the project's packages, among them its own Node,
// and hands over to the command written for that one.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const infra = dirname(fileURLToPath(import.meta.url));
const root = dirname(infra);
const projectNode = join(root, 'node_modules', '.bin', 'node');
const stamp = join(root, 'node_modules', '.lockfile-sha256');
const commands = ['start', 'dev', 'test', 'coverage', 'reset'];

let child;
let stoppedBy;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stoppedBy = signal;
    child?.kill(signal);
  });
}

// npm may be killed, or its shell end before this process: then nobody is left who could stop it.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

/** Resolves with how the process ended; this one outlives it, so that its orderly stop is never cut short. */
function ended(started) {
  child = started;
  return new Promise((resolve, reject) => {
    started.on('error', reject);
    started.on('close', (code, signal) => resolve({ code, signal }));
  });
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** npm writes what it has installed into a lockfile of its own; that tells an `npm install` by hand apart from none. */
function installedAsLocked() {
  const packages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  const installed = packages('node_modules/.package-lock.json');
  return Object.entries(packages('package-lock.json')).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return Boolean(locked.optional || locked.devOptional);
    return found.version === locked.version && found.integrity === locked.integrity;
  });
}

function packagesAreCurrent() {
  try {
    if (!existsSync(projectNode)) return false;
    return readFileSync(stamp, { encoding: 'utf8', flag: 'a+' }) === lockfileHash() || installedAsLocked();
  } catch {
    return false;
  }
}

async function installPackages() {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  console.log('· Installing npm packages (npm ci) …');
  const progress = setInterval(() => console.log(`  … npm ci, ${seconds()} s`), 10_000);
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const { code } = await ended(npm).catch((error) =>
    fail(error.code === 'ENOENT' ? 'npm is not on the PATH; install Node.js with npm first.' : error.message),
  );
  clearInterval(progress);
  if (stoppedBy) fail('Stopped while installing npm packages.', 130);
  if (code !== 0) fail(`${output.trimEnd()}\n\nnpm ci failed (see above).`);
  if (!existsSync(projectNode)) {
    fail(`npm ci left no ${projectNode}; are install scripts switched off (npm config get ignore-scripts)?`);
  }
  console.log(`✓ Installing npm packages (${seconds()} s)`);
}

if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(
    `Node.js ${process.versions.node} is too old; 18 or newer is needed to start (the project brings its own then).`,
  );
}
const [command, ...args] = process.argv.slice(2);
if (!commands.includes(command)) fail(`Usage: node infra/bootstrap.mjs ${commands.join('|')} [arguments]`, 2);

if (!packagesAreCurrent()) await installPackages();
writeFileSync(stamp, lockfileHash());

// The channel's closing tells the command that this process is gone, kill -9 included.
const { code, signal } = await ended(
  spawn(projectNode, [join(infra, `${command}.ts`), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  }),
).catch((error) => fail(`${projectNode} does not run: ${error.message}`));
process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
