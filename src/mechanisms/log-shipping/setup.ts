import type { Instruction, Json, Policy, Setting } from '../mechanism.ts';
import type { Entry } from './entry.ts';

/** What draws on the battery of the primary. All amounts in energy units. */
export interface PowerBudget {
  /** What the battery should hold. */
  readonly rated: number;
  /** What it does hold. */
  readonly actual: number;
  readonly perByte: number;
  /** What the drain itself needs for each message besides its bytes: time passes while it is sent. */
  readonly perMessage: number;
  /** What everything else on the same battery draws in that time. */
  readonly otherPerMessage: number;
}

/** What does not change in a run. */
export interface Setup {
  readonly storeBlocks: number;
  readonly blockBytes: number;
  /** Entries that the log region holds. */
  readonly ringSlots: number;
  /** Of each destination, of each path to it: how many messages stay under way while the application is busy. */
  readonly lags: readonly (readonly number[])[];
  /** Messages that a link takes before its sender has to wait. */
  readonly windowMessages: number;
  readonly power: PowerBudget;
  /** Entries in the backlog from which the application is delayed, and from which it is stopped. */
  readonly slowFromEntries: number;
  readonly stopFromEntries: number;
  /** Operations of the application: the entries of each, in order. */
  readonly operations: readonly (readonly Entry[])[];
  /** What happens to the network, in order. */
  readonly network: readonly NetworkChange[];
  readonly policy: Policy;
  readonly mutant: string | undefined;
}

export interface NetworkChange {
  readonly kind: 'link.cut' | 'link.restored';
  readonly link: number;
  /** How many operations are acknowledged by then; earlier when the application cannot go on. */
  readonly afterOperations: number;
}

/** The actor `application` does `write` and `transaction`, the actor `network` does `cut` and `restore`. */
export function setupOf({ scenario, policy, mutant }: Setting): Setup {
  const { world, actors } = scenario;
  const count = (name: string, otherwise = 0): number => Number(world[name] ?? otherwise);
  const rated = count('ratedEnergy');
  return {
    storeBlocks: count('storeBlocks'),
    blockBytes: count('blockBytes'),
    ringSlots: count('ringSlots'),
    lags: listOf(world['lags']).map((paths) => listOf(paths).map(Number)),
    windowMessages: count('windowMessages', 32),
    power: {
      rated,
      actual: Math.floor((rated * count('actualPercent', 100)) / 100),
      perByte: count('energyPerByte'),
      perMessage: count('energyPerMessage'),
      otherPerMessage: count('otherEnergyPerMessage'),
    },
    slowFromEntries: count('slowFromEntries'),
    stopFromEntries: count('stopFromEntries'),
    operations: operationsOf(actors['application'] ?? []),
    network: (actors['network'] ?? []).map((change) => ({
      kind: change.do === 'cut' ? 'link.cut' : 'link.restored',
      link: Number(change['link']),
      afterOperations: Number(change['afterOperations']),
    })),
    policy,
    mutant,
  };
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** Numbers the entries through the program. */
function operationsOf(program: readonly Instruction[]): Entry[][] {
  let seq = 0;
  return program.map((instruction) => {
    const writes = instruction.do === 'transaction' ? listOf(instruction['writes']) : [instruction];
    return writes.map((write, at) => {
      const { address, data } = write as Readonly<Record<string, Json>>;
      seq++;
      return { seq, address: Number(address), data: String(data), txnEnd: at === writes.length - 1 };
    });
  });
}
