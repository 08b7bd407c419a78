import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { NestedCrashes } from '../explore/nested-cause.ts';
import { type Judge, judgeOf, type PromiseFold, type Verdict } from '../explore/verdict.ts';
import type { Operation } from '../hardware/persistent-memory/operations.ts';
import type { CheckerSpec } from './campaign-spec.ts';
import { ImageFiles } from './image-files.ts';
import { importChecker } from './module-checker.ts';
import { remembered } from './remembered-judge.ts';
import type { WorkerLanes } from './worker-lanes.ts';
import type { WorkerAnswer, WorkerMessage, WorkerStart } from './worker-protocol.ts';

/** A judge as a worker uses it. */
export interface WorkerJudge {
  readonly judge: Judge;
  readonly promise: PromiseFold | undefined;
  readonly nestedCrashes?: NestedCrashes | undefined;
  /** Whether it can write to the memory that it is shown. */
  readonly writes: boolean;
}

/** What surrounds a judge in a worker. */
export interface JudgeSurroundings {
  readonly lanes: WorkerLanes;
  readonly process: WorkerStart['process'];
  readonly post: (message: WorkerMessage) => void;
  /** The run that is crashed. */
  readonly operations: () => Iterable<Operation>;
}

/** Makes the judge that a campaign wants; undefined when it wants none. Throws `InputError` for a module without one. */
export async function makeJudge(
  checker: CheckerSpec | undefined,
  { lanes, process, post, operations }: JudgeSurroundings,
): Promise<WorkerJudge | undefined> {
  if (checker === undefined) return undefined;
  if (checker.kind === 'module') {
    const { check, promise } = await importChecker(checker.path);
    return { judge: watched(judgeOf(check), lanes), promise, writes: true };
  }
  // A guest cannot hang: it has a budget of instructions.
  if (checker.kind === 'recovery') {
    // Loaded only where it is wanted: with it comes the processor of programs.
    const { makeRecoveryJudge } = await import('./recovery-judge.ts');
    const guest = await makeRecoveryJudge(checker, operations, () => lanes.mustStop);
    const nestedCrashes = guest.nestedCrashes && {
      ...guest.nestedCrashes,
      judgeWithout: remembered(guest.nestedCrashes.judgeWithout),
    };
    return {
      ...guest,
      nestedCrashes,
      judge: remembered(guest.judge),
      writes: checker.module !== null,
    };
  }
  if (process === undefined) throw new Error('a checker that is a process needs a place for its images');
  const files = new ImageFiles(process.imageDirectory);
  const judge: Judge = (_, { files: contents }) => {
    const path = files.show(contents);
    post({ type: 'ask', path });
    lanes.awaitAnswer();
    return answerOn(process.answers);
  };
  return { judge: remembered(judge), promise: undefined, writes: false };
}

function answerOn(port: MessagePort): Verdict {
  const received = receiveMessageOnPort(port);
  if (received === undefined) throw new Error('the main thread answered nothing');
  return (received.message as WorkerAnswer).verdict;
}

/** Lets the main thread see when the checker works, so that it can stop one that hangs. */
const watched =
  (judge: Judge, lanes: WorkerLanes): Judge =>
  (image, context) => {
    lanes.turnOver();
    const verdict = judge(image, context);
    lanes.turnOver();
    return verdict;
  };
