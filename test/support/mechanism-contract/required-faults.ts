import type { FaultNumber } from '../../../src/hardware/fault-catalogue.ts';

/**
 * The faults that must be put in at every index, by sheet: section 3.2 of the mechanism sheets. What the table says
 * besides numbers (a remap or a code change at every index, new bases) is the matter of scenarios and of each sheet's
 * own tests.
 */
const BY_SHEET: Readonly<Record<string, readonly FaultNumber[]>> = {
  S1: ['F1', 'F13', 'F14', 'F15', 'F16', 'F21'],
  S2: ['F1', 'F2', 'F3', 'F5', 'F6', 'F9', 'F11', 'F12', 'F18', 'F20'],
  S3: ['F1', 'F9', 'F14', 'F19'],
  S4: ['F15', 'F16', 'F17', 'F21'],
  S5: ['F4', 'F14', 'F15', 'F17', 'F21'],
  S6: ['F2', 'F3', 'F5', 'F6', 'F7', 'F18', 'F20', 'F22'],
  S7: ['F2', 'F5', 'F6', 'F10', 'F19'],
  S8: ['F2', 'F5', 'F6', 'F8', 'F9', 'F18', 'F19', 'F20', 'F22'],
  S9: ['F4', 'F15', 'F21'],
  S10: ['F4', 'F15', 'F21'],
  S11: ['F4', 'F15', 'F16', 'F18'],
  S12: ['F2', 'F5', 'F6', 'F11', 'F14', 'F17', 'F18', 'F20'],
  S13: ['F4', 'F10', 'F15', 'F17', 'F18', 'F19'],
  S14: ['F4', 'F8', 'F15', 'F16', 'F17', 'F18', 'F19'],
  S15: ['F10', 'F15', 'F16', 'F17', 'F19'],
};

/** What the table asks of one strategy beyond its sheet. */
const BESIDES: Readonly<Record<string, readonly FaultNumber[]>> = { 'S13.2': ['F2', 'F5', 'F6'] };

/** The fault numbers that a mechanism of this name must have a case for; none where no sheet has the name. */
export const requiredFaults = (name: string): readonly FaultNumber[] => [
  ...(BY_SHEET[name.split('.')[0]] ?? []),
  ...(BESIDES[name] ?? []),
];
