import { Code } from './encoder.ts';
import { type FunctionType, IMPORTED, ModuleBuilder } from './module.ts';

/** How many entries are added at once: making an instance costs time for each. */
const ENTRIES = 64;

/** A table of functions by name, which regions call through. */
export class FunctionTable {
  readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: ENTRIES });
  private readonly slots = new Map<string, number>();

  /** The place of a function, which is made when it is first asked for: one that a module exports. */
  slotOf(name: string, make: () => WebAssembly.ExportValue): number {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    const made = make();
    const slot = this.slots.size;
    if (slot === this.table.length) this.table.grow(ENTRIES);
    this.slots.set(name, slot);
    this.table.set(slot, made);
    return slot;
  }
}

/** Tables hold functions of WebAssembly only: one that calls a function of JavaScript. */
export function exportedFunction(type: FunctionType, call: WebAssembly.ImportValue): WebAssembly.ExportValue {
  const module = new ModuleBuilder(0);
  const imported = module.import('call', type);
  const code = new Code();
  for (const place of type.parameters.keys()) code.get(place);
  code.call(imported);
  module.define(type, [], code, 'call');
  const compiled = new WebAssembly.Module(module.bytes());
  return new WebAssembly.Instance(compiled, { [IMPORTED.module]: { call } }).exports['call'];
}
