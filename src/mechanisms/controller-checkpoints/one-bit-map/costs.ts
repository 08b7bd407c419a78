import type { AnyEvent } from '../../../kernel/event-table.ts';
import { mapBytes, storeBytes } from '../traffic.ts';
import type { State } from './state.ts';

/** Each block that was modified goes to the shadow once. */
export const copiedBytes = ({ kind }: AnyEvent, { setup }: State): number =>
  kind === 'block.copied' || kind === 'shadow.mended' ? setup.value.blockBytes : 0;

/** The shadow and the map. */
export const extraBytes = (machine: State): number =>
  storeBytes(machine, machine.own.shadow) + mapBytes(machine.own.modified);
