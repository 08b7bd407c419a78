import { STATUS } from './session.ts';

const undoing = new Set<() => void>();
let installed = false;

/**
 * Has `undo` called when the process is interrupted or told to end, before it ends with status 130. Returns what takes that
 * back. Only for commands that keep nothing of what they began; without this the system ends the process by the signal.
 */
export function onInterrupt(undo: () => void): () => void {
  if (!installed) {
    installed = true;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  }
  undoing.add(undo);
  return () => {
    undoing.delete(undo);
    if (undoing.size > 0) return;
    installed = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
  };
}

function end(): void {
  for (const undo of undoing) undo();
  process.exit(STATUS.interrupted);
}
