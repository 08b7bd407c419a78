import type { ChildProcess } from 'node:child_process';
import { consistent, type Verdict } from '../explore/verdict.ts';
import { systemError } from '../recordings/errors.ts';
import type { ProcessChecker } from './process-checker.ts';
import { endGroup, startGroup } from './process-group.ts';
import { TailText } from './tail-text.ts';

/** How long output is awaited after the command itself has ended, when something that it started holds it open. */
const OUTPUT_MS_MAX = 100;

/** A command that is run once for each image: exit status 0 says that it is consistent. */
export class CommandChecker implements ProcessChecker {
  private running: ChildProcess | undefined;

  constructor(
    private readonly words: readonly string[],
    private readonly checkerMs: number,
  ) {}

  judge(imagePath: string): Promise<Verdict> {
    const words = this.words.map((word) => word.replaceAll('{}', imagePath));
    return new Promise((resolve, reject) => {
      const child = startGroup(words, 'ignore');
      this.running = child;
      const output = new TailText();
      const complaints = new TailText();
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
      child.stderr?.setEncoding('utf8').on('data', (chunk: string) => complaints.push(chunk));
      let hangs = false;
      let verdict: Verdict | undefined;
      const timer = setTimeout(() => {
        hangs = true;
        endGroup(child);
      }, this.checkerMs);
      const done = (): void => {
        if (verdict !== undefined) resolve(verdict);
      };
      child.on('error', (error) => {
        clearTimeout(timer);
        reject(systemError(`--check-command: cannot start ${words[0]}`, error));
      });
      child.on('exit', (status, signal) => {
        clearTimeout(timer);
        endGroup(child);
        setTimeout(() => {
          verdict ??= this.verdict(status, signal, hangs, complaints.lastLine ?? output.lastLine);
          done();
        }, OUTPUT_MS_MAX).unref();
        child.on('close', () => {
          verdict ??= this.verdict(status, signal, hangs, complaints.lastLine ?? output.lastLine);
          done();
        });
      });
    });
  }

  close(): void {
    if (this.running !== undefined) endGroup(this.running);
  }

  private verdict(
    status: number | null,
    signal: NodeJS.Signals | null,
    hangs: boolean,
    said: string | undefined,
  ): Verdict {
    if (hangs) return { kind: 'hang', reason: `the checker took longer than ${this.checkerMs} ms` };
    if (signal !== null) return { kind: 'crash', reason: `the checker was ended by ${signal}` };
    return status === 0 ? consistent : { kind: 'violating', reason: said ?? `exit status ${status}` };
  }
}
