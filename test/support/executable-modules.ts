import type { Modules } from '../../bench/fuzz/executables/executables.mjs';
import * as names from '../../src/guests/programs/instruction-names.ts';
import * as process from '../../src/guests/programs/process.ts';
import * as spec from '../../src/guests/programs/program-spec.ts';
import * as lifter from '../../src/processor/lifter.ts';
import * as translator from '../../src/processor/translator/translator.ts';

/** The sources of what the fuzzer of executables needs. */
export const executableModules: Modules = { names, process, spec, lifter, translator };
