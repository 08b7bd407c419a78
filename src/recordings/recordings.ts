/**
 * Recordings: the events of a run as one NDJSON file, written while it happens and readable with head, grep and jq.
 */
export { StaleRecording } from './errors.ts';
export { type RecordingHeader, type RecordingInput, recordingHeader } from './header.ts';
export type { RecordingSource } from './input.ts';
export { mechanismHeader, mechanismRecording, settingFrom } from './mechanism.ts';
export type { RecordingTarget } from './output.ts';
export { CHECK_EVENTS, type RecordingCut, type RecordingPart } from './parts.ts';
export { persistentMemory } from './persistent-memory.ts';
export { type ProgramRunState, programRun } from './program-run.ts';
export { type ReadOptions, readHeader, readRecording } from './read.ts';
export type { Json, JsonRecord, RecordingType } from './recording-type.ts';
export { type Divergence, type Replayed, type ReplayOptions, replayRecording } from './replay.ts';
export { RecordingWriter } from './writer.ts';
