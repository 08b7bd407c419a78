// Loads a script in CommonJS's form together with what V8 made of it when it ran before: for a short command, reading and
// compiling the program is most of the time that it takes. Joined into dist/ by bundle.mjs, which also writes the cache.

import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** @param {string} file a script */
export const cacheOf = (file) => `${file}.cache`;

/**
 * What a script exports. A cache that is missing, or of another version of V8, only costs time.
 *
 * @param {string} file
 * @returns {{ script: Script, exports: Record<string, any> }}
 */
export function loadScript(file) {
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
