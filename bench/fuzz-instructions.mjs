// node bench/fuzz-instructions.mjs [--cases N] [--seed S] [--mnemonic add] [--length 8] [--against translator [--states 50]]: runs random
// instructions in the interpreter and on the processor of this machine, and compares registers, flags, memory and signals.
// Needs gcc and an x86-64 machine with Linux; against the translator it needs neither. Ends with status 1 where they differ.

import { commandLine, count } from './command-line.mjs';
import { fuzz } from './fuzz/instructions/fuzz.mjs';
import { makeGuest } from './fuzz/instructions/guest.mjs';
import { tryableMnemonics } from './fuzz/instructions/mnemonics.mjs';
import { compileOracle } from './fuzz/instructions/native.mjs';

const { values: options } = commandLine(import.meta.url, {
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    mnemonic: { type: 'string', multiple: true },
    /** Instructions in a case, at most. */
    length: { type: 'string', default: '8' },
    /** Against the translator: states that each case is tried with, since translating takes longer than running. */
    states: { type: 'string', default: '50' },
    /** Differences after which it stops. */
    findings: { type: 'string', default: '20' },
    against: { type: 'string', default: 'processor' },
    /** Where the built package is. */
    built: { type: 'string', default: 'dist' },
  },
});

/** @param {string} path */
const built = (path) => import(new URL(`../${options.built}/${path}.js`, import.meta.url).href);

/** @type {import('./fuzz/instructions/guest.mjs').Modules} */
const modules = {
  processor: await built('processor/processor'),
  layout: await built('processor/layout'),
  memory: await built('processor/memory'),
};
const { CodeCache } = await built('processor/lifter');
const { Interpreter } = await built('processor/interpreter/interpreter');
const { lifts } = await built('processor/lift/table');
const { GENERAL_REGISTERS } = await built('processor/registers');

const interpreter = makeGuest(modules, ({ memory }) => new Interpreter(new CodeCache(memory).lift));
const isTranslator = options.against === 'translator';
const { expected, under, close } = isTranslator ? await translator() : processor();

const mnemonics = tryableMnemonics([...lifts.keys()]);
const started = performance.now();
const { findings, executed, signals } = fuzz({
  mnemonics,
  first: options.mnemonic ?? [...mnemonics],
  seed: count('--seed', options.seed),
  cases: count('--cases', options.cases),
  states: isTranslator ? count('--states', options.states) : 1,
  isExact: isTranslator,
  lengthMax: count('--length', options.length),
  findingsMax: count('--findings', options.findings),
  registers: GENERAL_REGISTERS,
  expected,
  under,
});
close();
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const counts = [...executed.values()];
console.log(
  `${options.cases} cases${isTranslator ? ` with ${options.states} states each` : ''} from seed ${options.seed} against the ${options.against} in ${seconds} s: ${executed.size} mnemonics, ` +
    `each in ${Math.min(...counts)} or more, ${signals} signals, ${findings.length} differ`,
);
for (const { tried, differences } of findings) {
  console.log(`\n${tried.texts.join('; ')}`);
  for (const difference of differences.slice(0, 12)) console.log(`  ${difference}`);
  console.log(`  ${repeat(tried.seed)}`);
}
if (findings.length > 0) process.exitCode = 1;

/** @param {number} seed */
function repeat(seed) {
  const first = (options.mnemonic ?? []).map((mnemonic) => ` --mnemonic ${mnemonic}`).join('');
  const others = isTranslator ? ` --against translator --states ${options.states}` : '';
  return `node bench/fuzz-instructions.mjs --cases 1 --seed ${seed} --length ${options.length}${first}${others}`;
}

function processor() {
  const oracle = compileOracle();
  return { expected: oracle.answer, under: interpreter, close: oracle.close };
}

/** The interpreter is what is expected of translated code. */
async function translator() {
  const { Translator } = await built('processor/translator/translator');
  const under = makeGuest(
    modules,
    (processor) => new Translator(new CodeCache(processor.memory), processor, { executionsMin: 1 }),
  );
  return {
    expected: (/** @type {readonly Buffer[]} */ requests) =>
      requests.map((request) => interpreter.answer(request)),
    under,
    close: () => {},
  };
}
