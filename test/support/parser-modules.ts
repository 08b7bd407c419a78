import type { Modules } from '../../bench/fuzz/parsers.mjs';
import * as storeLog from '../../src/guests/store-log/store-log.ts';
import * as memory from '../../src/hardware/persistent-memory/memory.ts';
import * as operations from '../../src/hardware/persistent-memory/operations.ts';
import * as state from '../../src/hardware/persistent-memory/state.ts';
import * as run from '../../src/kernel/run.ts';
import * as recordings from '../../src/recordings/recordings.ts';

/** The sources of what the fuzzer of the parsers needs. */
export const parserModules: Modules = { storeLog, recordings, operations, memory, state, run };
