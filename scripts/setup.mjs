// Brings a clone up to date: installs the packages when they are not those of the lock file, and builds
// dist/ when it is not that of src/. Every npm script runs it first; when there is nothing to do it only looks.
// It says what it does on stderr, so that stdout belongs to the command that comes after.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK = join(ROOT, '.setup-lock');
const LOCK_WAIT_MS_MAX = 10 * 60 * 1000;
const LOCK_POLL_MS = 100;
const STAMP = join(ROOT, 'dist', '.built-from');
const BUNDLE = join('scripts', 'bundle.mjs');
const BUNDLE_PARTS = ['iced-module', 'prepared-wasm', 'cached-script', 'tearline', 'warm-up'].map((name) =>
  join('scripts', `${name}.mjs`),
);
/** Where it writes, and removes, files of its own. */
const JOINED = join('dist', 'joined');
const BUILD_INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  BUNDLE,
  ...BUNDLE_PARTS,
];
const OUTPUT_SUFFIX = /\.(js|js\.map|d\.ts)$/;

/**
 * Installs and builds what is out of date. Ends the process with status 1 when that fails.
 *
 * @param {{ build?: boolean }} [options]
 */
export function setUp({ build = true } = {}) {
  if (isInstalled() && (!build || isBuilt())) return;
  withLock(() => {
    // Somebody else may have done it while this process waited for the lock.
    if (!isInstalled()) install();
    if (build && !isBuilt()) compile();
  });
}

/** Whether node_modules holds exactly the packages of the lock file, but for optional ones of other platforms. */
function isInstalled() {
  const installed = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  const locked = packagesOf(join(ROOT, 'package-lock.json'));
  if (locked === undefined) throw new Error('package-lock.json is missing or unreadable');
  for (const path of Object.keys(installed)) if (!(path in locked)) return false;
  return Object.entries(locked).every(([path, { version, integrity, optional, devOptional }]) => {
    const there = installed[path];
    if (path === '') return true;
    if (there === undefined) return optional === true || devOptional === true;
    return there.version === version && there.integrity === integrity;
  });
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  say('installing packages (npm ci)');
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
    'ci',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
  ]);
}

function isBuilt() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

function compile() {
  say('building dist (tsc, rolldown)');
  // Taken before the compiler reads the sources: a file that changes meanwhile is built again next time.
  const builtFrom = fingerprint();
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [
    tsc,
    '-p',
    'tsconfig.build.json',
    '--pretty',
    String(process.stderr.isTTY === true),
  ]);
  removeOutputsWithoutSource();
  run(process.execPath, [BUNDLE]);
  writeFileSync(STAMP, builtFrom);
}

/** A digest of name, size and time of everything that the build reads, and of Node, for which there is a cache in it. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  for (const file of [...BUILD_INPUTS, ...filesUnder('src')]) {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** The compiler never deletes: without this, a module that was renamed could still be imported by its old name. */
function removeOutputsWithoutSource() {
  for (const output of filesUnder('dist')) {
    const source = output.replace(/^dist/, 'src').replace(OUTPUT_SUFFIX, '.ts');
    if (output.startsWith(JOINED)) continue;
    if (OUTPUT_SUFFIX.test(output) && !existsSync(join(ROOT, source))) rmSync(join(ROOT, output));
  }
}

/** @param {string} folder */
function filesUnder(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/**
 * Runs a command with its output on stderr.
 *
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { error, status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new SetupFailure(`${command} ${args.join(' ')} failed`);
}

class SetupFailure extends Error {}

/**
 * Holds the lock file while `work` runs. The file names its owner, so that the lock of a process that died is taken over.
 *
 * @param {() => void} work
 */
function withLock(work) {
  const waitedSince = Date.now();
  let waiting = false;
  while (!takeLock()) {
    if (!waiting) say('waiting for another setup to finish');
    waiting = true;
    if (Date.now() - waitedSince > LOCK_WAIT_MS_MAX) throw new SetupFailure(`${LOCK} is held: delete it`);
    sleep(LOCK_POLL_MS);
  }
  try {
    work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (isLockAbandoned()) rmSync(LOCK, { force: true });
  return false;
}

function isLockAbandoned() {
  try {
    const owner = Number(readFileSync(LOCK, 'utf8'));
    // Between its creation and the first write the file is empty.
    if (owner === 0) return Date.now() - statSync(LOCK).mtimeMs > 100 * LOCK_POLL_MS;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/** @param {number} ms */
function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

/**
 * Runs `setUp` for a script: a failure is one line on stderr, after the messages of the tool that failed.
 *
 * @param {{ build?: boolean }} [options]
 */
export function setUpOrExit(options) {
  try {
    setUp(options);
  } catch (error) {
    say(error instanceof SetupFailure ? error.message : String(error));
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  setUpOrExit({ build: !process.argv.includes('--no-build') });
}
