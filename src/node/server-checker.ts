import type { ChildProcess } from 'node:child_process';
import { consistent, type Verdict } from '../explore/verdict.ts';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';
import type { ProcessChecker } from './process-checker.ts';
import { endGroup, startGroup } from './process-group.ts';
import { TailText } from './tail-text.ts';

const LINE_CHARACTERS_MAX = 65_536;
const REASON_CHARACTERS_MAX = 1_000;

/** How often a server that never answered may die before it counts as one that does not work. */
const DEATHS_MAX = 3;

/** A command that is kept running: a path a line goes in, `ok` or `bad REASON` a line comes out. */
export class ServerChecker implements ProcessChecker {
  private server: Server | undefined;
  private hasAnswered = false;
  private deaths = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly checkerMs: number,
  ) {}

  async judge(imagePath: string): Promise<Verdict> {
    if (this.server?.isIdle === false) this.close();
    this.server ??= new Server(this.words);
    const answer = await this.server.ask(imagePath, this.checkerMs);
    if ('line' in answer) {
      this.hasAnswered = true;
      const verdict = verdictOf(answer.line);
      if (verdict.kind === 'nonsense') this.close(); // what it says next may belong to this image
      return verdict;
    }
    this.close();
    if (answer.kind === 'crash' && !this.hasAnswered && ++this.deaths === DEATHS_MAX) {
      throw new InputError(
        `--check-server: ${this.words.join(' ')} ended ${DEATHS_MAX} times without an answer (${answer.reason}); ` +
          'it must read paths from stdin and answer each with a line, ok or bad REASON',
      );
    }
    return answer;
  }

  close(): void {
    this.server?.end();
    this.server = undefined;
  }
}

function verdictOf(line: string): Verdict {
  if (line === 'ok') return consistent;
  if (line === 'bad') return { kind: 'violating', reason: 'the checker said bad' };
  if (line.startsWith('bad ')) return { kind: 'violating', reason: line.slice(4, 4 + REASON_CHARACTERS_MAX) };
  const said = line === '' ? 'an empty line' : JSON.stringify(line.slice(0, 80));
  return { kind: 'nonsense', reason: `the checker answered ${said}; it must answer ok or bad REASON` };
}

type Answer = { readonly line: string } | { readonly kind: 'hang' | 'crash'; readonly reason: string };

class Server {
  private readonly child: ChildProcess;
  private readonly complaints = new TailText();
  private buffered = '';
  private waiting: ((answer: Answer) => void) | undefined;
  private failure: ((error: Error) => void) | undefined;
  private death: Answer | undefined;

  constructor(words: readonly string[]) {
    this.child = startGroup(words, 'pipe');
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.take(chunk));
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.complaints.push(chunk));
    this.child.stdin?.on('error', () => undefined); // it ended: the exit says so
    this.child.on('error', (error) =>
      this.failure?.(systemError(`--check-server: cannot start ${words[0]}`, error)),
    );
    this.child.on('exit', () => endGroup(this.child)); // what it has started must not hold its output open
    this.child.on('close', (status, signal) => {
      const how = signal === null ? `ended with exit status ${status}` : `was ended by ${signal}`;
      const last = this.complaints.lastLine;
      this.die({ kind: 'crash', reason: `the checker ${how}${last === undefined ? '' : `: ${last}`}` });
    });
  }

  /** Whether it waits for a path, and nothing that it said is left over. */
  get isIdle(): boolean {
    return this.death === undefined && this.buffered === '';
  }

  ask(path: string, limitMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.answer({ kind: 'hang', reason: `the checker took longer than ${limitMs} ms` });
      }, limitMs);
      this.failure = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      if (this.death !== undefined) this.answer(this.death);
      else this.child.stdin?.write(`${path}\n`);
    });
  }

  end(): void {
    this.death ??= { kind: 'crash', reason: 'the checker was ended' };
    endGroup(this.child);
  }

  private take(chunk: string): void {
    this.buffered += chunk;
    const end = this.buffered.indexOf('\n');
    if (end < 0 && this.buffered.length < LINE_CHARACTERS_MAX) return;
    if (this.waiting === undefined) return;
    const line = end < 0 ? this.buffered : this.buffered.slice(0, end);
    this.buffered = end < 0 ? '' : this.buffered.slice(end + 1);
    this.answer({ line: line.endsWith('\r') ? line.slice(0, -1) : line });
  }

  private die(answer: Answer): void {
    this.death ??= answer;
    endGroup(this.child);
    this.answer(this.death);
  }

  private answer(answer: Answer): void {
    this.waiting?.(answer);
    this.waiting = undefined;
  }
}
