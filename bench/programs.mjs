/**
 * Millions of instructions a second of compiled programs: on the processor, under qemu-x86_64, interpreted, translated. By
 * the time of the processor, so that other work on the machine counts little.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { row, writableDirectory } from './fixture.mjs';

commandLine(import.meta.url, {});

const directory = writableDirectory();
/** @param {string} path */
const built = (path) => import(new URL(`../dist/${path}.js`, import.meta.url).href);
/** @type {typeof import('../src/guests/programs/process.ts')} */
const { Process } = await built('guests/programs/process');
/** @type {typeof import('../src/guests/programs/program-spec.ts')} */
const { programSpec } = await built('guests/programs/program-spec');
/** @type {typeof import('../src/processor/lifter.ts')} */
const { CodeCache } = await built('processor/lifter');
/** @type {typeof import('../src/processor/interpreter/interpreter.ts')} */
const { Interpreter } = await built('processor/interpreter/interpreter');
/** @type {typeof import('../src/processor/translator/translator.ts')} */
const { Translator } = await built('processor/translator/translator');

const POOL = '/pool';
/** How often each does its work; the interpreter stops after some millions of instructions. */
/** @type {{ name: string, language: 'c' | 'cpp', argument: string[], what: string }[]} */
const PROGRAMS = [
  { name: 'kernel', language: 'c', argument: ['6000'], what: 'list, matrix, state machine, CRC' },
  { name: 'sort', language: 'c', argument: ['150'], what: 'qsort with a callback' },
  { name: 'planets', language: 'c', argument: ['1000000'], what: 'binary64' },
  { name: 'pool', language: 'c', argument: [POOL, '1000000'], what: 'persistent memory' },
  { name: 'inventory', language: 'cpp', argument: ['3000'], what: 'C++: containers, exceptions, streams' },
];
/** What a program is compiled with. */
const COMPILERS = {
  c: ['musl-gcc', '-O2', '-static'],
  cpp: ['g++', '-O2', '-static'],
};
const INTERPRETED_INSTRUCTIONS = 3_000_000;

/** @param {string} command */
const isThere = (command) => spawnSync(command, ['--version']).error === undefined;

/** @param {number} instructions @param {number} milliseconds */
const mips = (instructions, milliseconds) => `${Math.round(instructions / milliseconds / 1000)} MIPS`;

/**
 * Runs a program that stands on this machine, and gives its output and how long it took.
 * @param {string} command
 * @param {string[]} args
 */
function onMachine(command, args) {
  const script = '"$@" || exit; times >&2';
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script, 'sh', command, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} failed with status ${status}`);
  // The second line is that of the shell's children: user and system time.
  const [minutes, seconds] = /\n(\d+)m([\d.]+)s/.exec(stderr)?.slice(1).map(Number) ?? [Number.NaN, 0];
  return { output: stdout, milliseconds: (60 * minutes + seconds) * 1000 };
}

/**
 * Runs a program as a guest.
 * @param {string} path
 * @param {string[]} args
 * @param {'interpreted' | 'translated'} how
 * @param {'persistent' | 'stores'} recorded
 */
function asGuest(path, args, how, recorded) {
  let output = '';
  const spec = programSpec({
    executable: readFileSync(path),
    path: '/program',
    argv: ['program', ...args],
    persistentFiles: new Map([[POOL, { capacityBytes: 1 << 20 }]]),
    recorded,
  });
  const guest = new Process(
    spec,
    (processor) => {
      const code = new CodeCache(processor.memory);
      return how === 'translated' ? new Translator(code, processor) : new Interpreter(code.lift);
    },
    {
      written: (_descriptor, bytes) => {
        output += Buffer.from(bytes).toString();
      },
    },
  );
  const start = process.cpuUsage();
  guest.run(how === 'translated' ? Number.MAX_SAFE_INTEGER : INTERPRETED_INSTRUCTIONS);
  const { instructions } = guest.processor;
  return { output, instructions, milliseconds: process.cpuUsage(start).user / 1000 };
}

if (!isThere('musl-gcc') || !isThere('g++')) {
  row('programs', 'not measured', 'needs musl-gcc and g++');
} else {
  for (const { name, language, argument, what } of PROGRAMS) {
    const source = fileURLToPath(new URL(`programs/${name}.${language}`, import.meta.url));
    const path = join(directory, name);
    const [compiler, ...options] = COMPILERS[language];
    const { status, stderr } = spawnSync(compiler, [...options, '-o', path, source, '-lm'], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${source} does not compile:\n${stderr}`);

    const pool = join(directory, 'pool-file');
    const hostArguments = argument.map((one) => (one === POOL ? pool : one));
    const native = onMachine(path, hostArguments);
    rmSync(pool, { force: true });
    const interpreted = asGuest(path, argument, 'interpreted', 'persistent');
    const translated = asGuest(path, argument, 'translated', 'persistent');
    const recorded = asGuest(path, argument, 'translated', 'stores');
    for (const { output } of [translated, recorded])
      if (output !== native.output)
        throw new Error(`${name} prints ${output} as a guest, not ${native.output}`);

    const { instructions } = translated;
    row(`${name} (${what}), on the processor`, mips(instructions, native.milliseconds));
    if (isThere('qemu-x86_64')) {
      const emulated = onMachine('qemu-x86_64', [path, ...hostArguments]);
      rmSync(pool, { force: true });
      row('  qemu-x86_64', mips(instructions, emulated.milliseconds));
    }
    row('  interpreted', mips(interpreted.instructions, interpreted.milliseconds));
    row(
      '  translated',
      mips(instructions, translated.milliseconds),
      name === 'kernel' ? '400 MIPS or more' : '',
    );
    row('  translated, every store recorded', mips(instructions, recorded.milliseconds));
  }
}
