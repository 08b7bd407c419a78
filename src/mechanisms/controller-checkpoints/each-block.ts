import type { CheckpointReference } from './reference.ts';

/** True when something holds for every block of the checkpoint; else says of which block it does not. */
export const eachBlock = (
  { image }: CheckpointReference,
  holds: (block: number, checkpoint: string) => boolean,
  wrong: string,
): true | string => {
  const block = image.value.memory.findIndex((contents, at) => !holds(at, contents));
  return block < 0 || `block ${block}: ${wrong}`;
};
