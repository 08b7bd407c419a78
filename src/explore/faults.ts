import { type FaultNumber, faultCatalogue } from '../hardware/fault-catalogue.ts';

/** A fault by its name for `inject`. */
export type InjectedFault = 'power-loss' | 'torn-write' | 'adr-failure' | 'eviction';

/** A fault of the catalogue that can befall this machine. */
export interface FaultKind {
  readonly number: FaultNumber;
  readonly name: string;
  readonly meaning: string;
  /** Its name for `inject`. */
  readonly injected: InjectedFault;
  /** Whether a campaign puts it in at every event. */
  readonly campaign: boolean;
}

const known = (number: FaultNumber, injected: InjectedFault): FaultKind => ({
  number,
  ...faultCatalogue[number],
  injected,
  campaign: true,
});

/** The faults that the persistent-memory machine knows. */
export const faultKinds: readonly FaultKind[] = [
  known('F1', 'power-loss'),
  known('F9', 'torn-write'),
  known('F13', 'adr-failure'),
  known('F14', 'eviction'),
];
