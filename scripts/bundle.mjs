// Joins the modules of src/ into few files, in dist/ over those that tsc wrote of each entry: Node resolves, reads and compiles
// every one of hundreds of modules by itself, which would be most of the time that a short command takes. What the package
// exports, the command and its workers are joined together, so that a class is the same one for all of them.

import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './setup.mjs';

/** As deep in `dist` as in `src` are the modules that look for package.json above them, or for a worker beside them. */
const FOLDER = 'joined';
/** Modules that are named from outside, by package.json. */
const ENTRIES = ['index', 'mechanisms', 'vitest', 'fast-check', 'rxjs', 'cli/main'];
const WORKERS = ['campaign-worker', 'judge-image-worker', 'mechanism-worker'];
/** Packages of the user’s. */
const EXTERNAL = ['vitest', 'fast-check', 'rxjs'];

const ICED = 'iced-x86';
const REQUIRED_ICED = `\0${ICED}`;

/**
 * Leaves iced-x86 a package of its own, which reads a file beside it, but requires it: for an import of a CommonJS package
 * Node searches its text for names, which for the megabyte of this one takes longer than to execute it.
 */
const requireIced = {
  name: 'require-iced',
  /** @param {string} id */
  resolveId: (id) => (id === ICED ? REQUIRED_ICED : undefined),
  /** @param {string} id */
  load: (id) =>
    id === REQUIRED_ICED
      ? `import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
         export const { ${namesOf(ICED)} } = createRequire(import.meta.url)('${ICED}');`
      : undefined,
};

/** @param {string} name of a CommonJS package */
const namesOf = (name) =>
  Object.keys(createRequire(import.meta.url)(name))
    .filter((one) => /^[A-Za-z]/.test(one))
    .join(', ');

const source = join(ROOT, 'src');
const build = await rolldown({
  cwd: ROOT,
  input: Object.fromEntries([
    ...ENTRIES.map((entry) => [entry, join(source, `${entry}.ts`)]),
    ...WORKERS.map((worker) => [`${FOLDER}/${worker}`, join(source, 'node', `${worker}.ts`)]),
  ]),
  platform: 'node',
  external: EXTERNAL,
  plugins: [requireIced],
  logLevel: 'warn',
});
const { output } = await build.write({
  dir: join(ROOT, 'dist'),
  format: 'esm',
  sourcemap: true,
  chunkFileNames: `${FOLDER}/[name]-[hash].js`,
});
await build.close();

// Only now: what was joined before serves until the entries no longer name it.
const written = new Set(output.flatMap(({ fileName }) => [fileName, `${fileName}.map`]));
for (const name of readdirSync(join(ROOT, 'dist', FOLDER))) {
  if (!written.has(`${FOLDER}/${name}`)) rmSync(join(ROOT, 'dist', FOLDER, name));
}
