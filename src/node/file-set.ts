import { mapFile } from '../hardware/persistent-memory/files.ts';
import type { Operation } from '../hardware/persistent-memory/operations.ts';
import { initialMemory, type MappedFile } from '../hardware/persistent-memory/state.ts';

/** Learns which files a run maps while it passes by. */
export class FileSet {
  private state = initialMemory();

  get files(): readonly MappedFile[] {
    return this.state.files;
  }

  *watch(operations: Iterable<Operation>): Generator<Operation> {
    this.state = initialMemory();
    for (const operation of operations) {
      yield operation;
      if (operation.type === 'map') {
        const { file, base, sizeBytes, fileOffset } = operation;
        mapFile(this.state, { kind: 'file.mapped', file, base, sizeBytes, fileOffset });
      }
    }
  }
}
