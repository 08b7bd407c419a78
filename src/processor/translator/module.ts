import { ByteWriter } from './byte-writer.ts';
import { type Code, VALUE_TYPES, type ValueType } from './encoder.ts';

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** The module that everything is imported from, and the memory that every module of ours works on. */
export const IMPORTED = { module: 'guest', memory: 'memory', table: 'table' } as const;

interface DefinedFunction {
  readonly type: number;
  readonly locals: readonly ValueType[];
  readonly code: Code;
  readonly exportedAs?: string;
}

/** A WebAssembly module in the making: an imported memory, imported functions, and functions of its own. */
export class ModuleBuilder {
  private readonly types: FunctionType[] = [];
  private readonly typeIndices = new Map<string, number>();
  private readonly imports: { readonly field: string; readonly type: number }[] = [];
  private readonly functions: DefinedFunction[] = [];
  private hasTable = false;

  /** `pages`: of 64 KiB, of the memory; 0 for a module that has none. */
  constructor(private readonly pages: number) {}

  /** Index of an imported function. Imports come before functions. */
  import(field: string, type: FunctionType): number {
    if (this.functions.length > 0) throw new Error('imports come before functions');
    this.imports.push({ field, type: this.typeIndex(type) });
    return this.imports.length - 1;
  }

  /** Imports a table of functions. */
  importTable(): void {
    this.hasTable = true;
  }

  /** Index of a new function. `locals` are those behind the parameters. */
  define(type: FunctionType, locals: readonly ValueType[], code: Code, exportedAs?: string): number {
    this.functions.push({
      type: this.typeIndex(type),
      locals,
      code,
      ...(exportedAs !== undefined && { exportedAs }),
    });
    return this.imports.length + this.functions.length - 1;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const module = new ByteWriter();
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) module.byte(byte);
    const section = (id: number, write: (section: ByteWriter) => void): void => {
      const contents = new ByteWriter();
      write(contents);
      module.byte(id);
      module.unsigned(contents.sizeBytes);
      module.append(contents.bytes());
    };
    section(1, (types) => this.writeTypes(types));
    section(2, (imports) => this.writeImports(imports));
    section(3, (functions) => {
      functions.unsigned(this.functions.length);
      for (const { type } of this.functions) functions.unsigned(type);
    });
    section(7, (exports) => this.writeExports(exports));
    section(10, (code) => this.writeCode(code));
    return module.bytes();
  }

  typeIndex(type: FunctionType): number {
    const key = `${type.parameters.join(' ')} -> ${type.results.join(' ')}`;
    const known = this.typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.types.push(type) - 1;
    this.typeIndices.set(key, index);
    return index;
  }

  private writeTypes(types: ByteWriter): void {
    types.unsigned(this.types.length);
    for (const { parameters, results } of this.types) {
      types.byte(0x60);
      for (const list of [parameters, results]) {
        types.unsigned(list.length);
        for (const type of list) types.byte(VALUE_TYPES[type]);
      }
    }
  }

  private writeImports(imports: ByteWriter): void {
    const hasMemory = this.pages > 0;
    imports.unsigned(Number(hasMemory) + Number(this.hasTable) + this.imports.length);
    if (hasMemory) {
      imports.text(IMPORTED.module);
      imports.text(IMPORTED.memory);
      imports.byte(0x02);
      imports.byte(0x01); // with a maximum
      imports.unsigned(this.pages);
      imports.unsigned(this.pages);
    }
    if (this.hasTable) {
      imports.text(IMPORTED.module);
      imports.text(IMPORTED.table);
      imports.byte(0x01);
      imports.byte(0x70); // of functions
      imports.byte(0x00); // without a maximum
      imports.unsigned(0); // any number of entries
    }
    for (const { field, type } of this.imports) {
      imports.text(IMPORTED.module);
      imports.text(field);
      imports.byte(0x00);
      imports.unsigned(type);
    }
  }

  private writeExports(exports: ByteWriter): void {
    exports.unsigned(this.functions.filter(({ exportedAs }) => exportedAs !== undefined).length);
    for (const [index, { exportedAs }] of this.functions.entries()) {
      if (exportedAs === undefined) continue;
      exports.text(exportedAs);
      exports.byte(0x00);
      exports.unsigned(this.imports.length + index);
    }
  }

  private writeCode(code: ByteWriter): void {
    code.unsigned(this.functions.length);
    for (const { locals, code: body } of this.functions) {
      const contents = new ByteWriter();
      writeLocals(contents, locals);
      contents.append(body.bytes());
      contents.byte(0x0b);
      code.unsigned(contents.sizeBytes);
      code.append(contents.bytes());
    }
  }
}

/** Neighbours of one type go together. */
function writeLocals(contents: ByteWriter, locals: readonly ValueType[]): void {
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  contents.unsigned(runs.length);
  for (const { type, count } of runs) {
    contents.unsigned(count);
    contents.byte(VALUE_TYPES[type]);
  }
}
