import type { HostEvent } from '../../../hardware/host.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { CopiesModel } from '../copies-model.ts';
import type { MachineEvent } from '../events.ts';
import { blockCount } from '../machine.ts';
import type { RemoteShadowEvent } from './events.ts';
import { BACKUP, PRIMARY } from './state.ts';

/** Where data of the checkpoint lies, as a naive reader of the events knows it. */
export interface Copies {
  /** The host whose system memory is the machine's. */
  host: number;
  memoryIsReadable: boolean[];
  /** It holds the checkpoint, and that is known: no post-image says that it changed since. */
  memoryIsImage: boolean[];
  /** The shadow, for blocks of which nothing waits in the sealed buffer. */
  shadowIsImage: boolean[];
  /** What waits there, oldest first. */
  sealed: { block: number; readable: boolean }[];
  /** Blocks captured in the epoch under way. */
  captured: number[];
}

type Event = MachineEvent | RemoteShadowEvent | HostEvent;

export const copiesInTwoComputers: CopiesModel<Copies> = {
  initial: (setup) => {
    const all = (): boolean[] => new Array<boolean>(blockCount(setup)).fill(true);
    return {
      host: PRIMARY,
      memoryIsReadable: all(),
      memoryIsImage: all(),
      shadowIsImage: all(),
      sealed: [],
      captured: [],
    };
  },
  evolve: (copies, given) => {
    const event = given as Event;
    switch (event.kind) {
      case 'entry.captured':
        copies.captured.push(event.block);
        if (event.recaptured !== true) copies.memoryIsImage[event.block] = false;
        return;
      case 'block.written':
        copies.memoryIsImage[event.block] = false;
        return;
      case 'block.restored':
        copies.memoryIsReadable[event.block] = true;
        copies.memoryIsImage[event.block] ||= isCopied(copies, event.block);
        return;
      case 'commit.recorded':
        copies.sealed.push(...copies.captured.map((block) => ({ block, readable: true })));
        copies.captured = [];
        copies.memoryIsImage = copies.memoryIsReadable.slice();
        return;
      case 'entry.applied':
        if (event.buffer === 'sealed')
          copies.shadowIsImage[event.block] = copies.sealed.shift()?.readable === true;
        return;
      case 'rollback.completed':
        copies.captured = [];
        return;
      case 'memory.failed':
        if (event.area !== 'memory') return;
        copies.memoryIsReadable[event.block] = false;
        copies.memoryIsImage[event.block] = false;
        return;
      case 'copy.failed':
        if (event.area === 'shadow') copies.shadowIsImage[event.at] = false;
        else if (event.area === 'sealed buffer') copies.sealed[event.at].readable = false;
        return;
      case 'host.failed':
      case 'host.fenced':
        loseHost(copies, event.host);
        return;
      case 'takeover.begun':
        loseHost(copies, copies.host);
        copies.host = BACKUP;
        return;
    }
  },
  takesOver: ({ kind }: AnyEvent) => kind === 'takeover.begun',
  lost: (copies) => {
    const block = copies.memoryIsImage.findIndex((isImage, at) => !isImage && !isCopied(copies, at));
    return block < 0 ? undefined : `no copy of block ${block} of the checkpoint is left`;
  },
};

/** Whether the backup has a block: what waits for the shadow counts, since it goes there. */
const isCopied = ({ sealed, shadowIsImage }: Copies, block: number): boolean =>
  sealed.findLast((entry) => entry.block === block)?.readable ?? shadowIsImage[block];

function loseHost(copies: Copies, host: number): void {
  if (host === BACKUP) {
    copies.shadowIsImage.fill(false);
    copies.sealed = [];
  }
  if (host === copies.host) {
    copies.memoryIsImage.fill(false);
    copies.memoryIsReadable.fill(false);
  }
}
