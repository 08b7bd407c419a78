/** A fault by its name for `inject`. */
export type InjectedFault = 'power-loss' | 'torn-write' | 'adr-failure' | 'eviction';

/** A fault that can befall this machine. Numbers and names are those of the fault catalogue in the mechanism sheets. */
export interface FaultKind {
  readonly number: string;
  readonly name: string;
  readonly meaning: string;
  /** Its name for `inject`. */
  readonly injected: InjectedFault;
  /** Whether a campaign puts it in at every event. */
  readonly campaign: boolean;
}

/** The faults that the persistent-memory machine knows. */
export const faultKinds: readonly FaultKind[] = [
  {
    number: 'F1',
    name: 'power loss',
    meaning:
      'What lies outside the persistence domain is gone, but for what was written back unasked before.',
    injected: 'power-loss',
    campaign: true,
  },
  {
    number: 'F9',
    name: 'torn line',
    meaning:
      'The last media write of a line reaches only some of its atoms; on platforms whose queues are lost.',
    injected: 'torn-write',
    campaign: true,
  },
  {
    number: 'F13',
    name: 'ADR failure',
    meaning:
      'Power is lost and the write pending queues with it, although the platform promises to save them.',
    injected: 'adr-failure',
    campaign: true,
  },
  {
    number: 'F14',
    name: 'forced eviction',
    meaning: 'A line is written back whole, unasked.',
    injected: 'eviction',
    campaign: true,
  },
];
