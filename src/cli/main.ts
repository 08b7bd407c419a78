#!/usr/bin/env node
import { isClosedPipe } from './closed-pipe.ts';
import { run } from './run.ts';
import { STATUS } from './session.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => process.exit(isClosedPipe(error) ? STATUS.closedPipe : STATUS.badInput));
}

process.exitCode = await run(process.argv.slice(2), process);
