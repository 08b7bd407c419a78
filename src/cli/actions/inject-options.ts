import type { SurvivorChoice } from '../../explore/injection.ts';
import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import type { Mark } from '../../node/fold-run.ts';

export interface InjectOptions {
  readonly at: Mark;
  /** Name of a fault, or its number in the catalogue. */
  readonly fault: string;
  readonly output?: string;
  /** Of persistent memory. */
  readonly survivors?: SurvivorChoice;
  readonly line?: string;
  readonly atoms?: readonly number[];
  readonly goOn?: boolean;
  readonly check?: string;
  readonly checkTimeout: number;
  readonly image?: string;
  readonly platform?: Platform;
  /** Of a mechanism. */
  readonly which?: number;
  readonly list?: boolean;
  readonly mechanism?: string;
  readonly json?: boolean;
}
