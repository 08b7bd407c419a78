/**
 * tearline as a library. Companions: `tearline/mechanisms` (mechanisms and fault campaigns), `tearline/vitest` (matchers),
 * `tearline/fast-check` (arbitraries), `tearline/rxjs` (operators).
 */

// Which states a crash can leave, and what a checker makes of them.
export type { Cause, PieceReference } from './explore/cause.ts';
export { CrashExplorer } from './explore/crash-explorer.ts';
export type { CrashImage, Survivors } from './explore/crash-image.ts';
export type { Explanation } from './explore/explain.ts';
export { defaultLimits, type Limits, limitsOf, type Shard } from './explore/limits.ts';
export {
  type PowerLoss,
  type PowerLossOptions,
  type PowerLossResult,
  performAll,
  powerLoss,
  survivePowerLoss,
} from './explore/power-loss.ts';
export { type CampaignInput, type ClassResult, runShard, type ShardOptions } from './explore/shard-run.ts';
export type { CheckContext, Checker, PromiseFold, Verdict, VerdictKind } from './explore/verdict.ts';
export { makeWitness, type Witness } from './explore/witness.ts';
// What runs on it.
export {
  checkProgram,
  decide,
  parseProgram,
  programJson,
  runProgram,
  type ScriptedInstruction,
  type ScriptedProgram,
  type SpontaneousChances,
  scriptedEvents,
} from './guests/scripted.ts';
export { exportStoreLog, importStoreLog, StoreLogImport } from './guests/store-log/store-log.ts';

// The persistent-memory machine.
export {
  defaultConfiguration,
  type MachineConfiguration,
  machineConfiguration,
  PLATFORMS,
  type Platform,
  smallWorld,
} from './hardware/persistent-memory/configuration.ts';
export { type MemoryEvent, type MemoryEventOf, memoryEvents } from './hardware/persistent-memory/events.ts';
export { memoryModel } from './hardware/persistent-memory/memory.ts';
export { type Operation, operationsOf, perform } from './hardware/persistent-memory/operations.ts';
export { initialMemory, type MemoryState } from './hardware/persistent-memory/state.ts';
// The kernel: events as data, the fold, forks, digests, draws, virtual time.
export { CowBytes } from './kernel/cow-bytes.ts';
export { CowTable } from './kernel/cow-table.ts';
export { Digest } from './kernel/digest.ts';
export { Draws } from './kernel/draw.ts';
export { IllegalEvent, InputError, ReducerError } from './kernel/errors.ts';
export { type EventCodec, eventCodec } from './kernel/event-json.ts';
export {
  type AnyEvent,
  type EventDeclaration,
  type EventOf,
  type EventOfKind,
  type EventTable,
  eventGuard,
  eventTable,
  field,
} from './kernel/event-table.ts';
export { type Forkable, forkState, type Model } from './kernel/model.ts';
export { type Batch, foldInto, Run, type RunOptions, type Sink } from './kernel/run.ts';
export { emptySchedule, type Schedule, scheduleAt, scheduleNext } from './kernel/schedule.ts';
export { evolved } from './kernel/snapshot.ts';

// Recordings.
export {
  persistentMemory,
  type RecordingHeader,
  type RecordingType,
  RecordingWriter,
  type Replayed,
  readRecording,
  recordingHeader,
  replayRecording,
} from './recordings/recordings.ts';
