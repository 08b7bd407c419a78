import type { NestedCrashes } from '../explore/nested-cause.ts';
import { Recovery } from '../explore/program-campaign/recovery.ts';
import { RecoveryJudge } from '../explore/program-campaign/recovery-judge.ts';
import type { ReferencesOf } from '../explore/program-campaign/recovery-verdict.ts';
import { promisedLines, referenceOutputs } from '../explore/program-campaign/reference-outputs.ts';
import type { Judge, PromiseFold } from '../explore/verdict.ts';
import { instructionNames } from '../guests/programs/instruction-names.ts';
import type { Operation } from '../hardware/persistent-memory/operations.ts';
import { InputError } from '../kernel/errors.ts';
import type { RecoverySpec } from './campaign-spec.ts';
import { importChecker } from './module-checker.ts';
import { readProgram } from './program-request.ts';
import { programStarter } from './program-starter.ts';

/** A judge that recovers images by a program that is run as a guest. */
export interface GuestJudge {
  readonly judge: Judge;
  readonly promise: PromiseFold | undefined;
  /** Undefined where recoveries are not crashed. */
  readonly nestedCrashes: NestedCrashes | undefined;
}

/**
 * Starts the recovery program. `operations` is the run that is crashed; it is asked for only when outputs are to be
 * compared. Throws `InputError` for what cannot be read, run or imported.
 */
export async function makeRecoveryJudge(
  spec: RecoverySpec,
  operations: () => Iterable<Operation>,
  /** Asked between the images of crashes within recovery: whether nobody wants to know any more. */
  shouldStop: () => boolean = () => false,
): Promise<GuestJudge> {
  const { budgetInstructions, nested, equivalent, expectOutput, module } = spec;
  const program = readProgram(spec.program);
  const recovery = new Recovery(
    programStarter(program),
    budgetInstructions,
    instructionNames(program.executable),
  );
  const checker = module === null ? undefined : await importChecker(module);
  if (equivalent && checker?.promise !== undefined)
    throw new InputError(
      `checker ${module}: its fold over markers cannot be used with --equivalent: leave one out`,
    );
  let known: ReferencesOf | undefined;
  const references: ReferencesOf = (promise) => {
    known ??= referenceOutputs(operations(), (files) => recovery.run(files).output);
    return known(promise);
  };
  const judge = new RecoveryJudge(recovery, {
    budgetInstructions,
    nested,
    output: expectOutput === null ? undefined : new RegExp(expectOutput, 'm'),
    references: equivalent ? references : undefined,
    shouldStop,
    ...(checker && { check: checker.check }),
  });
  return {
    judge: judge.judge,
    nestedCrashes: nested === 0 ? undefined : judge.nestedCrashes,
    promise: equivalent ? promisedLines : checker?.promise,
  };
}
