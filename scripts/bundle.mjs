// Joins the modules of src/ into few files, in dist/ over those that tsc wrote of each entry: Node resolves, reads and compiles
// every one of hundreds of modules by itself, which would be most of the time that a short command takes. What the package
// exports, the command and its workers are joined together, so that a class is the same one for all of them. Only `run`,
// which loads nothing of its user's, is a script apart, with a cache of V8's.

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { cacheOf } from './cached-script.mjs';
import { requireIced, shakenIced } from './iced-module.mjs';
import { ROOT } from './setup.mjs';

/** As deep in `dist` as in `src` are the modules that look for package.json above them, or for a worker beside them. */
const FOLDER = 'joined';
/** Modules that are named from outside, by package.json. */
const ENTRIES = ['index', 'mechanisms', 'vitest', 'fast-check', 'rxjs', 'cli/main'];
const WORKERS = ['campaign-worker', 'judge-image-worker', 'mechanism-worker'];
/** Packages of the user’s. */
const EXTERNAL = ['vitest', 'fast-check', 'rxjs'];

const source = join(ROOT, 'src');
const dist = join(ROOT, 'dist');
const ALONE = join(source, 'cli', 'main-of-run.ts');

/** @type {import('rolldown').InputOptions} */
const common = { cwd: ROOT, platform: 'node', external: EXTERNAL, logLevel: 'warn' };

/** V8 keeps two bytes for each character of a text that has others. */
const inAscii = {
  name: 'in-ascii',
  /** @param {string} code */
  renderChunk: (code) =>
    code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

const CHILD_PROCESS = 'node:child_process';
/** commander loads it for commands that are programs of their own, of which there are none here. */
const lateChildProcess = {
  name: 'late-child-process',
  /** @param {string} id */
  resolveId: (id) => (id === CHILD_PROCESS ? `\0${id}` : undefined),
  /** @param {string} id */
  load: (id) =>
    id === `\0${CHILD_PROCESS}`
      ? `export const spawn = (...call) => process.getBuiltinModule('${CHILD_PROCESS}').spawn(...call);`
      : undefined,
};

const alone = await rolldown({
  ...common,
  input: { run: ALONE },
  plugins: [shakenIced, lateChildProcess, inAscii],
});
const script = await alone.write({
  dir: dist,
  format: 'cjs',
  minify: true,
  codeSplitting: false,
  entryFileNames: `${FOLDER}/[name]-[hash].cjs`,
});
await alone.close();
const { fileName: scriptFile, code } = script.output[0];
if (/(?<![.\w])import\(["`']/.test(code))
  throw new Error(`${scriptFile} imports at run time, which a script cannot`);

const starter = await rolldown({
  ...common,
  input: { tearline: join(ROOT, 'scripts', 'tearline.mjs') },
  transform: { define: { 'process.env.RUN_SCRIPT': JSON.stringify(`../${scriptFile}`) } },
});
await starter.write({ dir: join(dist, 'cli'), format: 'cjs', entryFileNames: '[name].cjs' });
await starter.close();

const all = await rolldown({
  ...common,
  input: Object.fromEntries([
    ...ENTRIES.map((entry) => [entry, join(source, `${entry}.ts`)]),
    ...WORKERS.map((worker) => [`${FOLDER}/${worker}`, join(source, 'node', `${worker}.ts`)]),
  ]),
  plugins: [requireIced],
});
const { output } = await all.write({
  dir: dist,
  format: 'esm',
  sourcemap: true,
  chunkFileNames: `${FOLDER}/[name]-[hash].js`,
});
await all.close();

const warmUp = spawnSync(process.execPath, [join(ROOT, 'scripts', 'warm-up.mjs'), join(dist, scriptFile)], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (warmUp.status !== 0) throw new Error('scripts/warm-up.mjs failed');

// Only now: what was joined before serves until the entries no longer name it.
const written = new Set([
  ...output.flatMap(({ fileName }) => [fileName, `${fileName}.map`]),
  ...script.output.map(({ fileName }) => fileName),
  cacheOf(scriptFile),
]);
for (const name of readdirSync(join(dist, FOLDER))) {
  if (!written.has(`${FOLDER}/${name}`)) rmSync(join(dist, FOLDER, name));
}
