import type { Entry } from './entry.ts';
import type { LogShippingEvent } from './events.ts';
import { delaysWanted, throttleReason } from './pacing.ts';
import { chose, entryToMend, has, type LogShipping, type StoredEntry } from './state.ts';

/** What the application does next: make each entry of an operation durable, in log and store, then acknowledge it. */
export function nextOfApplication(state: LogShipping): LogShippingEvent | undefined {
  const { application, log, setup } = state;
  if (!application.running) return undefined;
  const operation = setup.value.operations[application.operation];
  const allLogged = operation !== undefined && application.logged === operation.length;
  if (log.pending !== null && !(has(state, 'M8') && allLogged)) return persisted(log.pending);
  const toMend = entryToMend(state);
  const source = setup.value.operations.flat().find(({ seq }) => seq === toMend);
  if (source !== undefined) return appended(source);
  if (operation === undefined) return undefined;
  const { logged, stored } = application;
  const store = stored < operation.length ? storePersisted(operation[stored]) : undefined;
  if (!allLogged && (store === undefined || chose(state, 'order', 'log-first'))) {
    return nextAppend(state, operation[logged]);
  }
  return store ?? { kind: 'operation.acknowledged', seq: operation[operation.length - 1].seq };
}

/** Whether the application waits for others, or has nothing more to do. */
export const isWaiting = ({ application, setup, log }: LogShipping): boolean =>
  !application.running ||
  application.throttled ||
  (log.pending === null && setup.value.operations[application.operation] === undefined);

function nextAppend(state: LogShipping, entry: Entry): LogShippingEvent | undefined {
  const by = throttleReason(state, entry);
  if (by !== undefined)
    return state.application.throttled ? undefined : { kind: 'application.throttled', by };
  if (state.application.delays < delaysWanted(state)) return { kind: 'application.delayed' };
  return appended(entry);
}

const appended = ({ seq, address, data, txnEnd }: Entry): LogShippingEvent => ({
  kind: 'log.appended',
  seq,
  address,
  data,
  ...(txnEnd && { txnEnd }),
});

const storePersisted = ({ seq, address, data }: Entry): LogShippingEvent => ({
  kind: 'store.persisted',
  seq,
  address,
  data,
});

const persisted = ({ seq }: StoredEntry): LogShippingEvent => ({ kind: 'log.persisted', seq });
