// node bench/write-instruction-fixture.mjs [--built dist]: makes fixtures/x86/instructions.txt, a few cases of every
// instruction and of several that follow each other, with what the processor of this machine makes of them. Needs gcc.

import { writeFileSync } from 'node:fs';
import { commandLine } from './command-line.mjs';
import { formsOf } from './fuzz/instructions/encode.mjs';
import { lineOf } from './fuzz/instructions/fixture.mjs';
import { caseOf } from './fuzz/instructions/generate.mjs';
import { tryableMnemonics } from './fuzz/instructions/mnemonics.mjs';
import { compileOracle } from './fuzz/instructions/native.mjs';

const CASES_EACH = 7;
const SEQUENCES = 1200;
const SEED = 1;

const { values: options } = commandLine(import.meta.url, {
  options: { built: { type: 'string', default: 'dist' } },
});
const { lifts } = await import(new URL(`../${options.built}/processor/lift/table.js`, import.meta.url).href);

const forms = formsOf(tryableMnemonics([...lifts.keys()]));
const mnemonics = [...forms.keys()];
let seed = SEED;
const single = mnemonics.flatMap((mnemonic) =>
  Array.from({ length: CASES_EACH }, () => caseOf(seed++, forms, { mnemonics: [mnemonic], lengthMax: 1 })),
);
const sequences = Array.from({ length: SEQUENCES }, () => caseOf(seed++, forms, { mnemonics, lengthMax: 8 }));
const cases = [...single, ...sequences];

const oracle = compileOracle();
const answers = oracle.answer(cases.map(({ request }) => request));
oracle.close();
const lines = cases.map((tried, at) => `${lineOf(tried, answers[at])}\n`);
writeFileSync(new URL('../fixtures/x86/instructions.txt', import.meta.url), lines.join(''));
console.log(`${cases.length} cases of ${mnemonics.length} mnemonics`);
