import { run } from './run.ts';
import { runProcess } from './run-process.ts';

/** Runs any command. */
export const main = (): Promise<void> => runProcess(run);
