import { twoBitMaps } from './controller-checkpoints/two-bit-maps/two-bit-maps.ts';
import type { Mechanism } from './mechanism.ts';

/** Every mechanism that comes with tearline, in the order of the sheets. */
export const allMechanisms: readonly Mechanism[] = [twoBitMaps];
