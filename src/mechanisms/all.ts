import { blockStates } from './controller-checkpoints/block-states/block-states.ts';
import { localShadow } from './controller-checkpoints/local-shadow/local-shadow.ts';
import { oneBitMap } from './controller-checkpoints/one-bit-map/one-bit-map.ts';
import { preImageLog } from './controller-checkpoints/pre-image-log/pre-image-log.ts';
import { remoteShadow } from './controller-checkpoints/remote-shadow/remote-shadow.ts';
import { twoBitMaps } from './controller-checkpoints/two-bit-maps/two-bit-maps.ts';
import { flushHints } from './flush-hints/flush-hints.ts';
import { logShipping } from './log-shipping/log-shipping.ts';
import type { Mechanism } from './mechanism.ts';

/** Every mechanism that comes with tearline, in the order of the sheets. */
export const allMechanisms: readonly Mechanism[] = [
  flushHints,
  logShipping,
  localShadow,
  remoteShadow,
  oneBitMap,
  twoBitMaps,
  blockStates,
  preImageLog,
];
