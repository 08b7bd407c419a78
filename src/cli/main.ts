#!/usr/bin/env node
import { systemError } from '../recordings/errors.ts';
import { isClosedPipe } from './closed-pipe.ts';
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

const argv = process.argv.slice(2);
const { run } = argv[0] === 'run' ? await import('./run-alone.ts') : await import('./run.ts');
process.exitCode = await run(argv, process);
