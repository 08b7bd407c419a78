import { type ChildProcess, spawn } from 'node:child_process';

const living = new Set<number>();
let watchesExit = false;

/** Starts a program as the leader of a process group of its own, so that it can be ended with all that it started. */
export function startGroup([program, ...args]: readonly string[], stdin: 'ignore' | 'pipe'): ChildProcess {
  const child = spawn(program, args, { detached: true, stdio: [stdin, 'pipe', 'pipe'] });
  if (child.pid !== undefined) living.add(child.pid);
  if (!watchesExit) process.on('exit', () => living.forEach(killGroup));
  watchesExit = true;
  return child;
}

/** Ends what is left of a group, at once. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined && living.delete(pid)) killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
