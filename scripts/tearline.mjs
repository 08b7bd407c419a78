#!/usr/bin/env node
// The command, as it is installed: bundle.mjs makes dist/cli/tearline.cjs of it. A program that is run may be over at once, so
// `run` has a script of its own, which starts sooner than modules do.

import { fileURLToPath } from 'node:url';
import { loadScript } from './cached-script.mjs';

/** @param {string} path from dist/cli */
const beside = (path) => new URL(path, import.meta.url);

// The build puts the name of the script in the place of the variable.
if (process.argv[2] === 'run')
  loadScript(fileURLToPath(beside(`${process.env.RUN_SCRIPT}`))).exports['main']();
else import(beside('main.js').href);
