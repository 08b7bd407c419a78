import type { Content, LineChoices } from './line-choices.ts';

/**
 * One crash image, told by what it leaves of each line. It is valid only while it is being visited; what is to be kept of
 * it is taken out by `survivors`.
 */
export class CrashImage {
  /** Events folded before the crash. */
  index = 0;
  /** Its place in the order in which the images of the whole campaign are visited, whichever shard visits them. */
  ordinal = 0;
  /** Lanes of the class: image, files and promise. */
  readonly key = new Int32Array(4);
  /** What was promised to the outside before the crash; undefined when the checker keeps no promise. */
  promise: unknown;
  /** Lines that are not as the base says. */
  readonly lines: LineChoices[] = [];
  readonly contents: Content[] = [];
  /** Lines of which everything survives unless `lines` says otherwise; empty where nothing does. */
  base: readonly LineChoices[] = [];

  clear(base: readonly LineChoices[]): void {
    this.base = base;
    this.lines.length = 0;
    this.contents.length = 0;
  }

  put(line: LineChoices, content: Content): void {
    this.lines.push(line);
    this.contents.push(content);
  }

  /** Every line of which another content than that of the persistence domain is left. */
  forEachLine(visit: (line: LineChoices, content: Content) => void): void {
    if (this.base.length > 0) {
      const said = new Set(this.lines);
      for (const line of this.base) if (!said.has(line)) visit(line, line.contents[line.all]);
    }
    for (let i = 0; i < this.lines.length; i++) {
      if (this.contents[i] !== this.lines[i].contents[0]) visit(this.lines[i], this.contents[i]);
    }
  }

  /** What survives, in a form that can be kept and sent: for each such line the number of durable pieces of each atom. */
  survivors(): Survivors {
    const survivors: Survivors = [];
    this.forEachLine(({ line }, { durable }) => survivors.push({ line, durable: [...durable] }));
    return survivors.sort((one, other) => one.line - other.line);
  }
}

/** Of lines by number: how many pieces of each atom survive beyond the persistence domain. In order of the lines. */
export type Survivors = { line: number; durable: number[] }[];
