import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { InputError } from '../kernel/errors.ts';
import { isRecord } from '../recordings/json-record.ts';
import { checkerDigest } from './campaign-identity.ts';
import type { ProgramRun, RecoverySpec } from './campaign-spec.ts';
import { crashFiles, type Judgement } from './judge-image.ts';
import { isProgramRequest } from './program-request.ts';

/** How a witness of a campaign on a program was judged, as its verdict line says it. */
export interface RecordedRecovery {
  readonly checker: RecoverySpec;
  readonly program: ProgramRun;
}

/** Reads it from a verdict line; undefined where the witness is not of a program. Throws `InputError`; `recording` names it. */
export function recordedRecovery(
  recording: string,
  { recovery }: Readonly<Record<string, unknown>>,
): RecordedRecovery | undefined {
  if (recovery === undefined) return undefined;
  if (isRecord(recovery) && isRecord(recovery.checker) && isRecord(recovery.program)) {
    const { checker, program } = recovery;
    const { budgetInstructions, nested, expectOutput, equivalent, module } = checker;
    if (
      isProgramRequest(checker.program) &&
      isProgramRequest(program.request) &&
      isCount(budgetInstructions) &&
      isCount(nested) &&
      isCount(program.budgetInstructions) &&
      isTextOrNull(expectOutput) &&
      isTextOrNull(module)
    ) {
      const { request } = program;
      return {
        checker: {
          kind: 'recovery',
          program: checker.program,
          budgetInstructions,
          nested,
          expectOutput,
          equivalent: equivalent === true,
          module,
        },
        program: { request, budgetInstructions: program.budgetInstructions },
      };
    }
  }
  throw new InputError(
    `${recording}: its verdict names a recovery in no way that is understood; write it again`,
  );
}

/** Recovers what the loss of power leaves here once more. A text says why that cannot be done, such as a program that is gone. */
export async function judgeByRecovery(
  { checker, program }: RecordedRecovery,
  state: MemoryState,
  markers: readonly string[],
): Promise<Judgement | string> {
  // Loaded only where they are wanted: with them comes the processor of programs.
  const [{ ProgramSource }, { makeRecoveryJudge }] = await Promise.all([
    import('./program-source.ts'),
    import('./recovery-judge.ts'),
  ]);
  try {
    const { judge, promise: fold } = await makeRecoveryJudge(checker, () =>
      ProgramSource.run(program).operations(),
    );
    let promise: unknown;
    if (fold !== undefined) for (const marker of markers) promise = fold(promise, marker);
    const files = crashFiles(state);
    const [image = new Uint8Array()] = Object.values(files);
    const verdict = judge(image, { files, promise, platform: state.configuration.platform });
    return { verdict, promise: promise ?? null, checkerDigest: checkerDigest(checker) };
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
