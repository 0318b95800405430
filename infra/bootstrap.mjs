// Runs on Node 18 or newer with nothing installed. Installs the project's npm packages, which include the Node version
// that the project uses, then runs the command with that Node.
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

// If npm or its shell ends first (such as by kill -9), no signal reaches this process: stop on its own.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

/** Resolves with the child's exit code and signal. Waits for the child, so that it can always shut down in order. */
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

/** Compares the lockfile with npm's record of what is installed, so that a manual `npm install` is accepted too. */
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
  const progress = setInterval(() => console.log(`  … Installing npm packages (${seconds()} s so far)`), 10_000);
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const { code } = await ended(npm).catch((error) =>
    fail(error.code === 'ENOENT' ? 'npm is not on the PATH. Install Node.js with npm first.' : error.message),
  );
  clearInterval(progress);
  if (stoppedBy) fail('Stopped while installing npm packages.', 130);
  if (code !== 0) fail(`${output.trimEnd()}\n\nnpm ci failed (see above).`);
  if (!existsSync(projectNode)) {
    fail(`npm ci did not create ${projectNode}. Check that install scripts are enabled: npm config get ignore-scripts`);
  }
  console.log(`✓ Installing npm packages (${seconds()} s)`);
}

if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(
    `Node.js ${process.versions.node} is too old. Version 18 or newer is required (the project then installs its own).`,
  );
}
const [command, ...args] = process.argv.slice(2);
if (!commands.includes(command)) fail(`Usage: node infra/bootstrap.mjs ${commands.join('|')} [arguments]`, 2);

if (!packagesAreCurrent()) await installPackages();
writeFileSync(stamp, lockfileHash());

// The IPC channel closes when this process ends, even by kill -9; the command then stops.
const { code, signal } = await ended(
  spawn(projectNode, [join(infra, `${command}.ts`), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  }),
).catch((error) => fail(`Cannot run ${projectNode}: ${error.message}`));
process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
