import type { Mechanism } from '../../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../../src/mechanisms/setting.ts';
import { type Finding, found } from './finding.ts';
import { requiredFaults } from './required-faults.ts';
import type { Subject } from './subject.ts';

// What a mechanism says of itself, before anything runs.

const CAMEL_CASE = /^[a-z][a-zA-Z0-9]*$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const EVENT_KIND = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const PHRASE = /^\S+( \S+)+$/;

/** What is named, what it is called, and what it is for. */
type Named = readonly [list: string, form: RegExp, items: readonly { name: string; meaning: string }[]];

const namedParts = (mechanism: Mechanism): Named[] => [
  ['invariant', /^[IG]\d+$/, mechanism.invariants],
  ['mutant', /^([MX]\d+|[a-z])$/, mechanism.mutants],
  ['scenario', KEBAB_CASE, mechanism.scenarios],
  ['cost', CAMEL_CASE, mechanism.costs],
  ['policy', CAMEL_CASE, Object.entries(mechanism.policy).map(([name, { meaning }]) => ({ name, meaning }))],
  ['event', EVENT_KIND, Object.entries(mechanism.events).map(([name, { meaning }]) => ({ name, meaning }))],
  ['fault', /^F\d+$/, mechanism.faults.map(({ number, claim }) => ({ name: number, meaning: claim }))],
];

export function* namesAndMeanings({ mechanism }: Subject): Generator<Finding> {
  if (!/^(S\d+(\.\d+)?|[a-z0-9-]+)$/.test(mechanism.name))
    yield found('name', `is neither a sheet's number nor in kebab case: ${mechanism.name}`);
  if (!PHRASE.test(mechanism.title)) yield found('title', `says too little: ${mechanism.title}`);
  if (!PHRASE.test(mechanism.source)) yield found('source', `says too little: ${mechanism.source}`);
  if (!(Number.isSafeInteger(mechanism.version) && mechanism.version > 0))
    yield found('version', 'must be a whole number from 1 on');
  if (mechanism.scenarios.length === 0) yield found('scenarios', 'there is none');
  for (const [list, form, items] of namedParts(mechanism)) {
    const names = new Set<string>();
    for (const { name, meaning } of items) {
      const item = `${list} ${name}`;
      if (!form.test(name)) yield found(item, `its name has not the form ${form.source}`);
      if (names.has(name) && list !== 'fault') yield found(item, 'the name is taken twice');
      if (!PHRASE.test(meaning)) yield found(item, `its meaning is no part of a sentence: "${meaning}"`);
      names.add(name);
    }
  }
}

export function* choices({ mechanism }: Subject): Generator<Finding> {
  const settings = mechanism.scenarios.map((scenario) => settingOf(mechanism, scenario));
  for (const [name, { choices: declared, default: usual }] of Object.entries(mechanism.policy)) {
    if (new Set(declared).size !== declared.length || declared.length < 2)
      yield found(name, 'needs two choices or more, all different');
    if (!declared.includes(usual)) yield found(name, `its default is none of its choices: ${usual}`);
    for (const choice of declared) {
      if (!settings.some(({ policy }) => policy[name] === choice))
        yield found(`${name}=${choice}`, 'no scenario chooses it');
    }
  }
}

export function* faultsOfTheSheet({ mechanism, explorations }: Subject): Generator<Finding> {
  const declared = mechanism.faults.map(({ number }) => number);
  for (const number of requiredFaults(mechanism.name)) {
    if (declared.includes(number)) continue;
    // A second fault is any fault again, at the indices of recovery.
    if (number === 'F19' && explorations.some(({ secondFaults }) => secondFaults > 0)) continue;
    yield found(number, 'section 3.2 lists it, and there is no case for it');
  }
  for (const fault of mechanism.faults) {
    if ('never' in fault && !PHRASE.test(fault.never)) yield found(fault.number, 'gives no reason for never');
  }
}
