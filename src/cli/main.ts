#!/usr/bin/env node
import { systemError } from '../recordings/errors.ts';
import { isClosedPipe } from './closed-pipe.ts';
import { run } from './run.ts';
import { STATUS } from './session.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (isClosedPipe(error)) process.exit(STATUS.closedPipe);
    if (stream === process.stdout) {
      process.stderr.write(`tearline: ${systemError('cannot write standard output', error).message}\n`);
    }
    process.exit(STATUS.badInput);
  });
}

process.exitCode = await run(process.argv.slice(2), process);
