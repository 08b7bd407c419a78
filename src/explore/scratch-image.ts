import { FILE_SPACE_BYTES } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import type { CrashImage } from './crash-image.ts';
import type { Content } from './line-choices.ts';

/**
 * The files of a machine as flat memory for a checker: as a power loss is sure to leave them (`domain`), or as loads see
 * them, which is with every piece durable (`visible`). Crash images are shown by patching the lines that differ from that,
 * never by copying a file; a second copy tells whether the checker wrote.
 */
export class ScratchImage {
  /** By name, in the order in which the files were mapped. */
  files: Record<string, Uint8Array> = {};
  private shown: Int32Array[] = [];
  private truth: Int32Array[] = [];
  private overwritten = false; // a patch went over what somebody else wrote
  private readonly patched = new Map<number, Content>();

  constructor(
    private readonly state: MemoryState,
    private readonly base: 'domain' | 'visible' = 'domain',
  ) {}

  /** The first file. */
  get image(): Uint8Array {
    return Object.values(this.files)[0] ?? new Uint8Array();
  }

  /** Takes the base anew, after files were mapped or loaded. */
  reshape(): void {
    this.patched.clear();
    const views: Uint8Array[] = this.state.files.map(({ address, sizeBytes }) =>
      // Whole atoms, so that a line at the end of the file can be patched like any other.
      this.state[this.base].read(address, sizeBytes + ((8 - (sizeBytes % 8)) % 8)),
    );
    this.shown = views.map(({ buffer }) => new Int32Array(buffer));
    this.truth = this.shown.map((words) => words.slice());
    this.files = Object.fromEntries(
      this.state.files.map(({ name, sizeBytes }, i) => [name, new Uint8Array(views[i].buffer, 0, sizeBytes)]),
    );
  }

  /** The base changed in this line. */
  refresh(line: number): void {
    this.patched.delete(line);
    const { lineBytes } = this.state.configuration;
    const memory = this.state[this.base];
    for (let at = line * lineBytes; at < (line + 1) * lineBytes; at += 8) {
      this.write(at, memory.word(at), memory.word(at + 4));
    }
  }

  /** Shows a crash image of which nothing but its exceptions differs from the base. */
  show({ lines, contents }: CrashImage): void {
    const wanted = new Set(lines.map(({ line }) => line));
    for (const line of [...this.patched.keys()]) if (!wanted.has(line)) this.refresh(line);
    for (const [i, choices] of lines.entries()) {
      const content = contents[i];
      if (this.patched.get(choices.line) === content) continue;
      this.patched.set(choices.line, content);
      const base = choices.line * this.state.configuration.lineBytes;
      choices.forEachAtom(content, (atom, low, high) => this.write(base + atom * 8, low, high));
    }
  }

  /** Whether somebody else wrote to the image since it was last as it should be. */
  wasWritten(): boolean {
    return this.overwritten || this.shown.some((words, file) => differ(words, this.truth[file]));
  }

  /** Undoes what somebody else wrote. */
  restore(): void {
    this.overwritten = false;
    for (const [file, words] of this.shown.entries()) words.set(this.truth[file]);
  }

  private write(address: number, low: number, high: number): void {
    const file = Math.floor(address / FILE_SPACE_BYTES);
    const at = (address % FILE_SPACE_BYTES) >> 2;
    const words = this.shown[file];
    if (words === undefined || at >= words.length) return; // beyond the end of the file, within its last line
    const truth = this.truth[file];
    if (words[at] !== truth[at] || words[at + 1] !== truth[at + 1]) this.overwritten = true;
    words[at] = low;
    words[at + 1] = high;
    truth[at] = low;
    truth[at + 1] = high;
  }
}

function differ(one: Int32Array, other: Int32Array): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return true;
  return false;
}
