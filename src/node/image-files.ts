import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const CHUNK_BYTES = 1 << 20;

/**
 * Crash images as files for checkers that are processes. One image is turned into the next by writing only what differs
 * from what is there, so that whatever a checker wrote is undone too, also through a mapping, which leaves no trace in the
 * times of a file.
 */
export class ImageFiles {
  private names = new Map<string, string>(); // by name in the run
  private readonly chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);

  constructor(private readonly directory: string) {}

  /** Puts these files, and nothing else, into the directory. Returns the path of the first. */
  show(files: Readonly<Record<string, Uint8Array>>): string {
    const runNames = Object.keys(files);
    if (runNames.length !== this.names.size || runNames.some((name) => !this.names.has(name))) {
      this.names = fileNames(runNames);
    }
    this.removeOthers();
    for (const name of runNames) this.write(join(this.directory, this.names.get(name) ?? ''), files[name]);
    return join(this.directory, this.names.get(runNames[0]) ?? '');
  }

  private removeOthers(): void {
    const wanted = new Set(this.names.values());
    for (const entry of readdirSync(this.directory, { withFileTypes: true })) {
      const path = join(this.directory, entry.name);
      if (!wanted.has(entry.name) || !entry.isFile() || lstatSync(path).nlink > 1) {
        rmSync(path, { recursive: true, force: true });
      }
    }
  }

  private write(path: string, contents: Uint8Array): void {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    try {
      if (fstatSync(file).size !== contents.length) ftruncateSync(file, contents.length);
      for (let at = 0; at < contents.length; at += CHUNK_BYTES) {
        const wanted = contents.subarray(at, at + CHUNK_BYTES);
        const there = this.chunk.subarray(0, wanted.length);
        const length = readSync(file, there, 0, wanted.length, at);
        if (length === wanted.length && there.equals(wanted)) continue;
        for (let done = 0; done < wanted.length; )
          done += writeSync(file, wanted, done, wanted.length - done, at + done);
      }
    } finally {
      closeSync(file);
    }
  }
}

/** A file name for each file of a run: the last part of its path, without what would confuse a line or a shell. */
function fileNames(runNames: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const runName of runNames) {
    const last = runName
      .slice(runName.lastIndexOf('/') + 1)
      .replace(/[^\w.+@%=-]/g, '_')
      .slice(0, 200);
    const plain = last === '' || last === '.' || last === '..' ? 'image' : last;
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}-${i}`;
    taken.add(name);
    names.set(runName, name);
  }
  return names;
}
