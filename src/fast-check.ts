/**
 * Arbitraries for property tests of machines and mechanisms, for fast-check: `tearline/fast-check`.
 */
export { type EventConstraints, eventArbitrary } from './fast-check/event-arbitrary.ts';
export {
  type FaultScheduleConstraints,
  faultSchedule,
  type ScheduledFault,
} from './fast-check/fault-schedule.ts';
export { type ScriptedProgramConstraints, scriptedProgram } from './fast-check/scripted-program.ts';
