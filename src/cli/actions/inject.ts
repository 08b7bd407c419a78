import { faultKinds, type InjectedFault } from '../../explore/faults.ts';
import { InputError } from '../../kernel/errors.ts';
import { openAnyRun } from '../../node/any-run.ts';
import type { Io } from '../session.ts';
import { injectMechanism, listOccurrences } from './inject-mechanism.ts';
import { injectMemory } from './inject-memory.ts';
import type { InjectOptions } from './inject-options.ts';

/** A run with a fault in it. */
export async function inject(io: Io, path: string, options: InjectOptions): Promise<number> {
  const { output, list = false, platform, mechanism: module } = options;
  const run = await openAnyRun(path, io.stdin, { platform, module });
  if ('mechanism' in run) {
    refuse(options, ['survivors', 'line', 'atoms', 'goOn', 'check', 'image'], `${run.mechanism.name}`);
    return list
      ? listOccurrences(io, run, options)
      : injectMechanism(io, run, { ...options, output: needed(output) });
  }
  refuse(options, ['which', 'list'], 'persistent memory');
  return injectMemory(io, run, { ...options, fault: memoryFault(options.fault), output: needed(output) });
}

/** Options that say nothing of this machine are a mistake. */
function refuse(options: InjectOptions, others: readonly (keyof InjectOptions)[], machine: string): void {
  const given = others.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new InputError(`--${option} says nothing of a run of ${machine}: leave it out`);
}

function needed(output: string | undefined): string {
  if (output !== undefined) return output;
  throw new InputError("required option '-o, --output <file>' not specified");
}

function memoryFault(fault: string): InjectedFault {
  const known = faultKinds.find(({ injected, number }) => injected === fault || number === fault);
  if (known !== undefined) return known.injected;
  throw new InputError(
    `${fault} cannot befall persistent memory; it must be one of ${faultKinds.map(({ injected }) => injected).join(', ')}.`,
  );
}
