import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import type { Mark } from '../../node/fold-run.ts';

export interface ShowOptions {
  readonly at: Mark;
  readonly line?: string;
  readonly bytes?: string;
  readonly platform?: Platform;
  readonly mechanism?: string;
  readonly limit: number;
  readonly json?: boolean;
}
