// Loads a script in CommonJS's form together with what V8 made of it when it ran before: for a short command, reading and
// compiling the program is most of the time that it takes. Joined into dist/ by bundle.mjs, which also writes the cache.

import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/**
 * Where the cache of a script is for this Node: V8 takes that of another one, whose own changes of V8 it does not see, and
 * fails.
 *
 * @param {string} file
 */
export const cacheOf = (file) => `${file}.${process.version}-${process.platform}-${process.arch}.cache`;

/** Six times as late as by default: before that pays, a short program is over, and a longer one has been translated. */
const OPTIMIZE_LATER = '--interrupt-budget=400000';

/**
 * What a script exports. Without a cache, or with one that V8 rejects, it only takes longer.
 *
 * @param {string} file
 * @returns {{ script: Script, exports: Record<string, any> }}
 */
export function loadScript(file) {
  // Before the script, whose cache is for these settings. V8 11 is Node 20; later ones have other names, and decide better.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString(OPTIMIZE_LATER);
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    cachedData: readIfThere(cacheOf(file)),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return { script, exports: module.exports };
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
