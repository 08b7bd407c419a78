// Builds programs in every way that makes another executable of them: C library, position independence, optimization.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/**
 * One way to build a program.
 * @typedef {object} Way
 * @property {string} name
 * @property {string} compiler
 * @property {readonly string[]} options
 * @property {readonly string[]} levels of optimization
 */

/** @type {readonly Way[]} */
const WAYS_OF_C = [
  { name: 'glibc', compiler: 'gcc', options: ['-static'], levels: ['0', '1', '2', '3'] },
  { name: 'glibc-no-pie', compiler: 'gcc', options: ['-fno-pie', '-static'], levels: ['0', '1', '2', '3'] },
  { name: 'glibc-static-pie', compiler: 'gcc', options: ['-static-pie'], levels: ['0', '1', '2', '3'] },
  { name: 'musl', compiler: 'musl-gcc', options: ['-static'], levels: ['0', '1', '2', '3'] },
];
/** @type {readonly Way[]} */
const WAYS_OF_CPP = [{ name: 'libstdc++', compiler: 'g++', options: ['-static'], levels: ['0', '2'] }];

/** @type {Readonly<Record<string, readonly Way[]>>} */
const WAYS = { '.c': WAYS_OF_C, '.cpp': WAYS_OF_CPP };

export const wayNames = [...WAYS_OF_C, ...WAYS_OF_CPP].map((way) => way.name);

/**
 * A source and one way to build it.
 * @typedef {object} Build
 * @property {string} program its source's name without the ending
 * @property {string} source
 * @property {Way} way
 * @property {string} level
 */

/**
 * All builds of the sources in a directory.
 * @param {string} directory
 * @returns {Build[]}
 */
export const buildsOf = (directory) =>
  readdirSync(directory)
    .filter((file) => extname(file) in WAYS)
    .sort()
    .flatMap((file) =>
      WAYS[extname(file)].flatMap((way) =>
        way.levels.map((level) => ({
          program: basename(file, extname(file)),
          source: join(directory, file),
          way,
          level,
        })),
      ),
    );

/** @param {string} compiler */
export const isInstalled = (compiler) => spawnSync(compiler, ['--version']).status === 0;

/**
 * Path of the executable, which is made unless it is there and no older than its source.
 * @param {Build} build
 * @param {string} directory for executables
 */
export function build({ program, source, way, level }, directory) {
  const folder = join(directory, `${way.name}-O${level}`);
  mkdirSync(folder, { recursive: true });
  const executable = join(folder, program);
  if (existsSync(executable) && statSync(executable).mtimeMs >= statSync(source).mtimeMs) return executable;
  const { status, stderr } = spawnSync(
    way.compiler,
    [...way.options, `-O${level}`, '-g', '-w', source, '-o', executable, '-lm'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${way.compiler} cannot build ${source}: ${stderr}`);
  return executable;
}
