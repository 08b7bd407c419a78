import type { MemoryEvent } from './events.ts';
import { controllerOfLine, linesAwaited } from './lines.ts';
import { cut } from './pieces.ts';
import type { FenceInstruction, FlushInstruction, MemoryState } from './state.ts';

/** What a program asks of the machine. Addresses are NVDIMM addresses in bytes; data are hexadecimal digits. */
export type Operation =
  | { type: 'map'; file: string; base: bigint; sizeBytes: number; fileOffset: number }
  | { type: 'load'; address: number; data: string }
  | { type: 'store'; core: number; address: number; data: string; nonTemporal?: true; source?: string }
  | {
      type: 'flush';
      core: number;
      address: number;
      sizeBytes: number;
      instruction: FlushInstruction;
      /** As of a store; known only while the program runs, since events of flushes do not have it. */
      source?: string;
    }
  | { type: 'fence'; core: number; instruction: FenceInstruction }
  | { type: 'hint'; core: number; controller: number }
  | { type: 'marker'; core: number; name: string };

/**
 * The events by which the machine carries out an operation that finds the store buffer of its core empty. Nothing happens
 * of its own accord: no line is evicted and no queue drained that nobody asked to.
 */
export function perform(state: MemoryState, operation: Operation): MemoryEvent[] {
  switch (operation.type) {
    case 'store':
      return storeEvents(operation);
    case 'flush': {
      const { core, address, sizeBytes, instruction } = operation;
      return [{ kind: 'line.flushed', core, address, sizeBytes, instruction }];
    }
    case 'fence': {
      const { core, instruction } = operation;
      return [
        { kind: 'fence.issued', core, instruction },
        ...acceptances(state, core),
        { kind: 'fence.retired', core, instruction },
      ];
    }
    case 'hint': {
      const { core, controller } = operation;
      return [
        { kind: 'hint.written', core, controller },
        ...drains(state, controller),
        { kind: 'hint.done', core, controller },
      ];
    }
    case 'marker':
      return [{ kind: 'marker.passed', core: operation.core, name: operation.name }];
    case 'map': {
      const { file, base, sizeBytes, fileOffset } = operation;
      return [{ kind: 'file.mapped', file, base, sizeBytes, fileOffset }];
    }
    case 'load':
      return [{ kind: 'file.loaded', address: operation.address, data: operation.data }];
  }
}

function storeEvents(operation: Extract<Operation, { type: 'store' }>): MemoryEvent[] {
  const { core, nonTemporal, source } = operation;
  const rest = { ...(nonTemporal && { nonTemporal }), ...(source !== undefined && { source }) };
  const { address, data } = operation;
  if ((address % 8) + data.length / 2 <= 8) return [{ kind: 'store.visible', core, address, data, ...rest }];
  const pieces = cut(address, data);
  return pieces.map((piece, i) => ({
    kind: 'store.visible',
    core,
    ...piece,
    ...(i + 1 < pieces.length && { more: true as const }),
    ...rest,
  }));
}

/** What a waiting fence of this core still has to see accepted, in address order. */
export function acceptances(state: MemoryState, core: number): MemoryEvent[] {
  const { defect, lineBytes } = state.configuration;
  if (defect === 'fence-does-not-wait') return [];
  return linesAwaited(state, core).map((line) => ({ kind: 'wpq.accepted', core, address: line * lineBytes }));
}

/** What a flush hint to this controller still has to bring to the media, in address order. */
export function drains(state: MemoryState, controller: number): MemoryEvent[] {
  const { lineBytes } = state.configuration;
  const written = state.hintAt[controller] || Infinity;
  const events: MemoryEvent[] = [];
  for (const [line, acceptedAt] of state.queued.entries()) {
    if (acceptedAt < written && controllerOfLine(state, line) === controller) {
      events.push({ kind: 'wpq.drained', address: line * lineBytes });
    }
  }
  return events;
}

/**
 * The operations that a run of events came from, in the order in which they took effect; stores whole again, except where
 * another core did something between two pieces. What waits is told when its wait is over: a fence when it retired, and a
 * flush hint when it was done or when the queues took in something else.
 */
export function* operationsOf(events: Iterable<MemoryEvent>): Generator<Operation> {
  const begun = new Map<number, Extract<Operation, { type: 'store' }>>();
  const hints = new Map<number, Extract<Operation, { type: 'hint' }>>();
  function* cutShort(exceptCore = -1): Generator<Operation> {
    for (const [core, store] of begun) {
      if (core === exceptCore) continue;
      begun.delete(core);
      yield store;
    }
  }
  function* hintsGiven(): Generator<Operation> {
    if (hints.size === 0) return;
    yield* cutShort();
    yield* hints.values();
    hints.clear();
  }
  for (const event of events) {
    switch (event.kind) {
      case 'store.visible': {
        const { core, address, data, nonTemporal, source } = event;
        yield* cutShort(core);
        const store = begun.get(core) ?? {
          type: 'store',
          core,
          address,
          data: '',
          ...(nonTemporal && { nonTemporal }),
          ...(source !== undefined && { source }),
        };
        store.data += data;
        if (event.more) begun.set(core, store);
        else {
          begun.delete(core);
          yield store;
        }
        break;
      }
      case 'line.flushed': {
        const { core, address, sizeBytes, instruction } = event;
        yield* cutShort();
        if (instruction === 'clflush') yield* hintsGiven();
        yield { type: 'flush', core, address, sizeBytes, instruction };
        break;
      }
      case 'wpq.accepted':
        yield* hintsGiven();
        break;
      case 'fence.retired':
        yield* cutShort();
        yield { type: 'fence', core: event.core, instruction: event.instruction };
        break;
      case 'hint.written':
        hints.set(event.core, { type: 'hint', core: event.core, controller: event.controller });
        break;
      case 'hint.done': {
        yield* cutShort();
        const hint = hints.get(event.core);
        hints.delete(event.core);
        if (hint !== undefined) yield hint;
        break;
      }
      case 'marker.passed':
        yield* cutShort();
        yield { type: 'marker', core: event.core, name: event.name };
        break;
      case 'file.mapped': {
        const { file, base, sizeBytes, fileOffset } = event;
        yield* cutShort();
        yield { type: 'map', file, base, sizeBytes, fileOffset };
        break;
      }
      case 'file.loaded':
        yield* cutShort();
        yield { type: 'load', address: event.address, data: event.data };
        break;
      default: // effects of the machine's own: they are made again when the operation is performed
    }
  }
  yield* cutShort();
}
