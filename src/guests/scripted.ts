/**
 * Scripted guests: programs as data, for each core a list of stores, flushes, fences, hints and markers over one file.
 * Section 1.3 of the mechanism sheets describes the machine that they run on.
 */
export { checkProgram } from './scripted/check.ts';
export { decide } from './scripted/decide.ts';
export type { ScriptedInstruction, ScriptedProgram } from './scripted/instructions.ts';
export { parseProgram, programJson } from './scripted/parse.ts';
export { runProgram, scriptedEvents } from './scripted/run.ts';
export type { SpontaneousChances } from './scripted/unasked.ts';
