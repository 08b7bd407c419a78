import { faultCatalogue } from '../../hardware/fault-catalogue.ts';
import type { Mechanism, Setting } from '../../mechanisms/mechanism.ts';
import { type FaultInRun, type FaultWitness, faultsIn, meaningOf } from './fault-witness.ts';
import type { JudgedRun } from './judged-run.ts';
import type { Breach } from './verdict.ts';
import { linksTo } from './world.ts';

/** What is said of a mechanism's run in the verdict line of its recording. */
export interface RunVerdict {
  /** `unrecoverable`: something is lost that nothing could have saved, and that was reported. */
  readonly kind: 'consistent' | 'unrecoverable' | 'violating';
  readonly mechanism: string;
  readonly mutant: string | null;
  /** What does not hold: the name of an invariant or of an oracle, what it says, and what was found. Null when all holds. */
  readonly invariant: string | null;
  readonly meaning: string | null;
  /** Of a loss, what is lost. */
  readonly message: string | null;
  readonly faults: readonly FaultInRun[];
  /** All of it, in a sentence or two. */
  readonly explanation: string;
}

const KINDS = ['consistent', 'unrecoverable', 'violating'] as const satisfies readonly RunVerdict['kind'][];

type Told = Pick<RunVerdict, 'mutant' | 'faults'> & { readonly events: number };

/** The verdict of a witness. */
export const verdictOfWitness = (
  mechanism: Mechanism,
  { mutant, events, faults, invariant, message }: FaultWitness,
): RunVerdict =>
  violating(mechanism, { mutant: mutant ?? null, faults, events: events.length }, { invariant, message });

/** The verdict of a run that went to its end, or to what does not hold. */
export function verdictOfRun(
  mechanism: Mechanism,
  { mutant: switched }: Setting,
  { world, breach, lost }: JudgedRun,
): RunVerdict {
  const faults = faultsIn(linksTo(world.last));
  const mutant = switched ?? null;
  const told = { mutant, faults, events: world.index };
  if (breach !== undefined) return violating(mechanism, told, breach);
  const begin = beginning(mechanism, told);
  return {
    kind: lost === undefined ? 'consistent' : 'unrecoverable',
    mechanism: mechanism.name,
    mutant,
    invariant: null,
    meaning: null,
    message: lost ?? null,
    faults,
    explanation:
      lost === undefined
        ? `${begin}${faults.length === 0 ? 'every' : 'recovery comes to its end, and every'} invariant holds at each of the ${told.events} events.`
        : `${begin}something is lost that nothing could have saved, and it is reported: ${lost}.`,
  };
}

function violating(mechanism: Mechanism, told: Told, { invariant, message }: Breach): RunVerdict {
  const { mutant, faults, events } = told;
  const meaning = meaningOf(mechanism, invariant);
  return {
    kind: 'violating',
    mechanism: mechanism.name,
    mutant,
    invariant,
    meaning,
    message,
    faults,
    explanation:
      `${beginning(mechanism, told)}after ${events} events ${invariant} does not hold: ${message}. ` +
      `What must hold: ${meaning}.`,
  };
}

/** What was done to the run, as the beginning of a sentence. */
function beginning(mechanism: Mechanism, { mutant, faults }: Told): string {
  const defect = mechanism.mutants.find(({ name }) => name === mutant);
  const put = faults.map(({ number, index }) => `${number} (${faultName(number)}) at event ${index}`);
  return (
    (defect === undefined ? '' : `Mutant ${defect.name} is switched on: ${defect.meaning}. `) +
    (put.length === 0 ? 'Without a fault, ' : `With ${put.join(', then ')}, `)
  );
}

/** What a fault number of a recording is called. */
export const faultName = (number: string): string =>
  Object.entries(faultCatalogue).find(([known]) => known === number)?.[1].name ?? 'a fault';

/** Reads a verdict line. Returns a text that says what is wrong with one that is not of a mechanism's run. */
export function runVerdictOf(verdict: Readonly<Record<string, unknown>>): RunVerdict | string {
  const kind = KINDS.find((known) => known === verdict['kind']);
  if (kind === undefined) return `its verdict must have a kind: ${KINDS.join(', ')}`;
  const { mechanism, faults, explanation } = verdict;
  if (typeof mechanism !== 'string') return 'its verdict must name the mechanism';
  if (typeof explanation !== 'string') return 'its verdict must have an explanation';
  if (!Array.isArray(faults) || !faults.every(isFaultInRun))
    return 'its verdict must have faults: a list of number, index and events';
  const text = (name: 'mutant' | 'invariant' | 'meaning' | 'message'): string | null => {
    const value = verdict[name];
    return typeof value === 'string' ? value : null;
  };
  if (kind === 'violating' && text('invariant') === null) return 'its verdict must name an invariant';
  return {
    kind,
    mechanism,
    mutant: text('mutant'),
    invariant: text('invariant'),
    meaning: text('meaning'),
    message: text('message'),
    faults,
    explanation,
  };
}

const isFaultInRun = (value: unknown): value is FaultInRun =>
  typeof value === 'object' &&
  value !== null &&
  'number' in value &&
  typeof value.number === 'string' &&
  'index' in value &&
  Number.isSafeInteger(value.index) &&
  'events' in value &&
  Number.isSafeInteger(value.events);
