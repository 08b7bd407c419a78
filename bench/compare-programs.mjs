// node bench/compare-programs.mjs [--programs DIR] [--only NAME] [--way musl] [--level 2] [--arguments "kv=pool 100 clwb"]
// builds C and C++ programs in many ways, runs each on the processor of this machine and as a guest, and compares output, exit
// status and the files that they leave. What a program with persistent memory says of its flushes and fences
// (`flushes=N fences=N`) is compared with the operations that were recorded. With --repeat 100 each guest runs so often under
// this Node, and those of --node, and does the same each time. Ends with status 1 where anything differs.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { build, buildsOf, isInstalled, wayNames } from './compare-programs/build.mjs';
import { builtModules, runGuest } from './compare-programs/guest.mjs';
import { runNative } from './compare-programs/native.mjs';
import { differences } from './compare-programs/outcome.mjs';

const { values: options } = commandLine(import.meta.url, {
  options: {
    programs: {
      type: 'string',
      default: fileURLToPath(new URL('native/programs', import.meta.url)),
    },
    only: { type: 'string', multiple: true },
    way: { type: 'string', multiple: true, default: wayNames },
    /** Of optimization: 0 to 3. */
    level: { type: 'string', multiple: true, default: ['0', '1', '2', '3'] },
    /** Of programs that do not say them in a comment; once for each run of a program. */
    arguments: { type: 'string', multiple: true, default: [] },
    /** A program that is built already, in place of sources. */
    executable: { type: 'string', multiple: true, default: [] },
    /** A file for standard input. */
    stdin: { type: 'string' },
    /** A directory that keeps the executables. */
    executables: { type: 'string' },
    'instructions-max': { type: 'string', default: '20000000000' },
    repeat: { type: 'string' },
    /** Another Node that repeats. */
    node: { type: 'string', multiple: true, default: [] },
    /** Where the built package is. */
    built: { type: 'string', default: 'dist' },
  },
});

const STDIN = Buffer.from('one two three\n4 5.5 -6\n\n  the last line has no end');
const stdin = options.stdin === undefined ? STDIN : readFileSync(options.stdin);
const instructionsMax = Number(options['instructions-max']);
const modules = await builtModules(options.built);
const directory = options.executables ?? mkdtempSync(join(tmpdir(), 'tearline-programs-'));

let runs = 0;
let agreed = 0;
try {
  for (const { program, how, executable, argumentsSaid } of executables()) {
    for (const args of argumentsOf(program, argumentsSaid)) {
      const given = { executable, argv: [program, ...args], stdin };
      const title = [program, ...args].join(' ');
      const { lines, measured } = options.repeat === undefined ? compared(given) : repeated(given);
      runs++;
      if (lines.length === 0) agreed++;
      console.log(
        `${title.padEnd(32)} ${how.padEnd(22)} ${lines.length === 0 ? 'same' : 'DIFFERS'}  ${measured}`,
      );
      for (const line of lines) console.log(`  ${line}`);
    }
  }
} finally {
  if (options.executables === undefined) rmSync(directory, { recursive: true });
}
console.log(`${agreed} of ${runs} agree`);
if (agreed < runs) process.exitCode = 1;

/** Those that are given, else all that can be built. */
function* executables() {
  for (const executable of options.executable) {
    yield { program: basename(executable), how: 'given', executable, argumentsSaid: '' };
  }
  if (options.executable.length > 0) return;
  const builds = buildsOf(options.programs).filter(
    ({ program, way, level }) =>
      (options.only?.includes(program) ?? true) &&
      options.way.includes(way.name) &&
      options.level.includes(level),
  );
  const compilers = [...new Set(builds.map(({ way }) => way.compiler))];
  const missing = compilers.filter((compiler) => !isInstalled(compiler));
  if (missing.length > 0) console.log(`left out, for want of a compiler: ${missing.join(', ')}`);
  for (const one of builds.filter(({ way }) => !missing.includes(way.compiler))) {
    const { program, source, way, level } = one;
    const argumentsSaid = /^\/\/ arguments: (.*)$/m.exec(readFileSync(source, 'utf8'))?.[1] ?? '';
    yield { program, how: `${way.name} -O${level}`, executable: build(one, directory), argumentsSaid };
  }
}

/**
 * Arguments of each run: as the command line says, else as the source does.
 * @param {string} program
 * @param {string} said
 */
function argumentsOf(program, said) {
  const given = options.arguments.filter((text) => text.startsWith(`${program}=`));
  return given.length > 0 ? given.map((text) => words(text.slice(program.length + 1))) : [words(said)];
}

/** @param {string} text */
function words(text) {
  return (text.match(/\S+/g) ?? []).map((word) => (word === '""' ? '' : word));
}

/** @param {import('./compare-programs/outcome.mjs').Given} given */
function compared(given) {
  const expected = runNative(given);
  const startedMs = performance.now();
  const found = runGuest(modules, given, instructionsMax);
  const seconds = (performance.now() - startedMs) / 1000;
  const lines = [...differences(expected, found), ...countsDiffer(found)];
  for (const name of found.unknownSystemCalls) lines.push(`asked for ${name}, which guests do not have`);
  return { lines, measured: `${found.instructions} instructions, ${seconds.toFixed(2)} s` };
}

/**
 * What a program counted by itself must be what was recorded of it. There is more than it counts: flushes and fences of
 * `msync` and `fsync`, and locked instructions of the C library, which are fences, too.
 * @param {import('./compare-programs/guest.mjs').GuestOutcome} found
 */
function countsDiffer({ stdout, operations }) {
  const said = /\bflushes=(\d+) fences=(\d+)/.exec(stdout.toString('latin1'));
  if (said === null) return [];
  const recorded = (/** @type {string[]} */ ...kinds) =>
    kinds.reduce((sum, kind) => sum + (operations.get(kind) ?? 0), 0);
  const counts = [recorded('clwb', 'clflushopt', 'clflush'), recorded('sfence', 'mfence')];
  if (counts.join() === said.slice(1).join()) return [];
  return [
    `recorded ${counts[0]} flushes and ${counts[1]} fences, the program issued ${said[1]} and ${said[2]}`,
  ];
}

/** @param {import('./compare-programs/outcome.mjs').Given} given */
function repeated({ executable, argv }) {
  const digests = new Set();
  const lines = [];
  for (const node of [process.execPath, ...options.node]) {
    const { status, stdout, stderr } = spawnSync(
      node,
      [
        fileURLToPath(new URL('digest-program.mjs', import.meta.url)),
        ...['--times', options.repeat ?? '1', '--built', options.built, '--', executable, ...argv],
      ],
      { input: stdin, encoding: 'utf8' },
    );
    if (status !== 0) lines.push(`${node}: ${stdout}${stderr}`);
    digests.add(stdout.trim());
  }
  if (digests.size > 1) lines.push(`digests ${[...digests].join(' and ')}`);
  return { lines, measured: [...digests].join(' ') };
}
