import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAYOUT } from '../../../src/processor/layout.ts';
import { Processor } from '../../../src/processor/processor.ts';
import { Dispatcher } from '../../../src/processor/translator/dispatcher.ts';
import { Code } from '../../../src/processor/translator/encoder.ts';
import { EXIT } from '../../../src/processor/translator/exits.ts';
import type { RegionFunction } from '../../../src/processor/translator/places.ts';
import { Runtime } from '../../../src/processor/translator/runtime.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/processor/translator/dispatcher.test.ts';

/** Regions that leave their address in a register, if they are meant at all, and do nothing else. */
function regionsAt(runtime: Runtime, ownAt: number, addresses: readonly number[]): RegionFunction[] {
  const module = runtime.newModule();
  for (const address of addresses) {
    const code = new Code();
    code.constant32(0);
    code.load(8, ownAt + LAYOUT.instructionPointer);
    code.constant64(address);
    code.numeric('i64.ne');
    code.if();
    code.constant32(EXIT.elsewhere);
    code.return();
    code.end();
    code.constant32(0);
    code.constant64(address);
    code.store(8, ownAt + LAYOUT.general);
    code.constant32(EXIT.limit);
    module.define({ parameters: [], results: ['i32'] }, [], code, String(address));
  }
  const exported = runtime.instantiate(module);
  return addresses.map((address) => exported[address] as RegionFunction);
}

/** Addresses as programs have them: near each other, and some far away. */
const addresses = fc.uniqueArray(
  fc.oneof(fc.integer({ min: 0x40_1000, max: 0x40_8000 }), fc.integer({ min: 0x1000, max: 0xbfff_ffff })),
  { minLength: 1, maxLength: 1500, size: 'max' },
);

describe('the dispatcher', () => {
  it('executes the region at the instruction pointer, and tells where there is none', () => {
    holds(
      fc.property(addresses, fc.integer({ min: 1, max: 5 }), (all, every) => {
        const processor = new Processor(0x1_0000, 'persistent', () => {});
        const { ownAt } = processor.memory;
        const runtime = new Runtime(processor, undefined);
        const dispatcher = new Dispatcher(runtime, ownAt);
        const regions = regionsAt(runtime, ownAt, all);
        for (const [place, address] of all.entries()) dispatcher.add(address, regions[place]);
        const removed = new Set(all.filter((_, place) => place % every === 0));
        for (const address of removed) dispatcher.remove(address);
        for (const address of all) {
          processor.setGeneral(0, 0n);
          processor.instructionPointer = address;
          const exit = dispatcher.run();
          expect(exit).toBe(removed.has(address) ? EXIT.elsewhere : EXIT.limit);
          expect(Number(processor.general(0))).toBe(removed.has(address) ? 0 : address);
        }
      }),
      15,
      FILE,
    );
  });
});
