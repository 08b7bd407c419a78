// npm start: the tearline command with the arguments given, and without arguments a campaign over a shipped
// fixture that has a known bug. That campaign is meant to find a violation, so finding it is its success.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ROOT, setUpOrExit } from './setup.mjs';

const DEMO =
  'campaign fixtures/pmem/listbug8.storelog --platform P1 --fault power-loss --check fixtures/pmem/check.mjs';
const STATUS_VIOLATION_FOUND = 1;

/** npm passes on a Ctrl-C that the terminal has sent to this process already: two within this time are one. */
const SAME_KEYPRESS_MS = 300;

setUpOrExit();

const given = process.argv.slice(2);
const isDemo = given.length === 0;
const args = isDemo ? DEMO.split(' ') : given;
if (isDemo) process.stderr.write(`tearline ${DEMO}\n`);

// In a process group of its own, so that the terminal's Ctrl-C arrives by way of the handler below and only once.
const command = spawn(process.execPath, [join(ROOT, 'dist', 'cli', 'tearline.cjs'), ...args], {
  cwd: isDemo ? ROOT : process.cwd(),
  detached: process.platform !== 'win32',
  stdio: 'inherit',
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  let passedOnAt = Number.NEGATIVE_INFINITY;
  process.on(signal, () => {
    if (performance.now() - passedOnAt < SAME_KEYPRESS_MS) return;
    passedOnAt = performance.now();
    command.kill(signal);
  });
}

command.on('error', (error) => {
  process.stderr.write(`tearline could not be started: ${error.message}\n`);
  process.exitCode = 1;
});

command.on('exit', (status, signal) => {
  // A shell says 128 and the signal's number for a command that a signal ended.
  const ended = status ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)];
  process.exitCode = isDemo ? demoStatus(ended) : ended;
});

/** @param {number} status */
function demoStatus(status) {
  if (status === STATUS_VIOLATION_FOUND) return 0;
  if (status !== 0) return status;
  process.stderr.write('the campaign was meant to find a violation and found none\n');
  return 1;
}
