/**
 * A program as data, crashed at every event: it stores a payload, then a flag that says the payload is there, and forgets a
 * fence between the two. Run it with `node examples/commit-flag.mjs`.
 */
import { powerLoss, survivePowerLoss } from 'tearline';

const PAYLOAD = 256;
const FLAG = 0;

/** @type {import('tearline').Operation[]} */
const program = [
  { type: 'map', file: 'pool', base: 0x10000n, sizeBytes: 4096, fileOffset: 0 },
  { type: 'store', core: 0, address: PAYLOAD, data: '2a00000000000000', source: 'put (store.c:10)' },
  { type: 'flush', core: 0, address: PAYLOAD, sizeBytes: 64, instruction: 'clwb' },
  { type: 'store', core: 0, address: FLAG, data: '0100000000000000', source: 'put (store.c:12)' },
  { type: 'flush', core: 0, address: FLAG, sizeBytes: 64, instruction: 'clwb' },
  { type: 'fence', core: 0, instruction: 'sfence' },
];

/** @type {import('tearline').Checker} */
const flagNeedsPayload = (image) =>
  image[FLAG] === 0 || image[PAYLOAD] === 42 || 'the flag is set, the payload is missing';

const { outcome, distinct, violating, groups } = survivePowerLoss(
  program,
  powerLoss({ platform: 'P1' }),
  flagNeedsPayload,
);
console.log(`${outcome}: ${violating} of ${distinct} crash images`);
for (const { witness } of groups) {
  console.log(witness?.explanation.text);
  console.log(witness?.events.map(({ kind }) => kind).join(', '));
}
