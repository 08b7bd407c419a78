import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Mechanism, Scenario } from '../../mechanisms/mechanism.ts';
import { settingOf } from '../../mechanisms/setting.ts';
import { ClassTable } from './class-table.ts';
import { type Judgement, Oracles } from './oracles.ts';
import { Refold } from './refold.ts';
import type { FaultClass, FaultVerdict, Violation } from './verdict.ts';
import { type InjectedFault, type Link, World } from './world.ts';

/** Faults one after the other, unless another number is asked for. */
export const FAULTS_MAX = 2;

export interface FaultExplorationOptions {
  /** The defect that is switched on. */
  readonly mutant?: string;
  /** Faults one after the other: 2 puts a second one in at every index of recovery. Default `FAULTS_MAX`. */
  readonly faultsMax?: number;
  /** Ends at the first violation. */
  readonly stopAtFirst?: boolean;
  /** Events after which a run counts as one without end. Default 100,000. */
  readonly eventsMax?: number;
}

export interface FaultExploration {
  /** Events of the run without faults. */
  readonly events: number;
  readonly injections: number;
  /** Classes of worlds that were told apart. */
  readonly states: number;
  /** Injected faults whose own run broke an invariant, and those whose run reported a loss that is one. */
  readonly violating: number;
  readonly unrecoverable: number;
  /** Of each fault number, how often it was injected. */
  readonly injectionsByFault: Readonly<Record<string, number>>;
  /** Of each fault number, how often it led to each verdict. */
  readonly verdictsByFault: Readonly<Record<string, VerdictCounts>>;
  /** Of each invariant the violation with the fewest events, in the order of discovery. */
  readonly violations: readonly Violation[];
  readonly classes: ClassTable<FaultClass>;
}

export type VerdictCounts = Readonly<Record<FaultVerdict, number>>;

type Occurring = Extract<Mechanism['faults'][number], { occurrences: unknown }>;

/**
 * A fault that starts no recovery (an interrupt, a delayed message) only disturbs what goes on. Behind it second faults are
 * put in at one of so many classes of worlds, drawn by the class: at all of them the work would be the square of the run.
 */
const DISTURBED_CLASSES = 8;

/**
 * Runs a scenario, puts every fault that applies in at every event index, lets recovery come to its end with every fault
 * again at each of its indices, and goes on to the end of the scenario. Every invariant is judged after every event. Worlds
 * in which the same can happen from now on are followed once. Throws `ReducerError` and `NondeterminismError`, which name
 * the event's index and the reducer: the mechanism is mistaken, and nothing can be said of it.
 */
export function exploreFaults(
  mechanism: Mechanism,
  scenario: Scenario,
  options: FaultExplorationOptions = {},
): FaultExploration {
  const setting = settingOf(mechanism, scenario, options.mutant);
  const world = World.initial(mechanism, setting);
  return new FaultExplorer(mechanism, options).run(world, new Refold(mechanism, setting, world));
}

class FaultExplorer {
  private readonly oracles: Oracles;
  private readonly classes = new ClassTable<FaultClass>();
  private readonly violations = new Map<string, Violation>();
  private readonly byFault: Record<string, number> = {};
  private readonly verdictsByFault: Record<string, Record<FaultVerdict, number>> = {};
  private readonly faultsMax: number;
  private readonly eventsMax: number;
  private injections = 0;
  private violating = 0;
  private unrecoverable = 0;

  constructor(
    private readonly mechanism: Mechanism,
    private readonly options: FaultExplorationOptions,
  ) {
    this.oracles = new Oracles(mechanism);
    this.faultsMax = options.faultsMax ?? FAULTS_MAX;
    this.eventsMax = options.eventsMax ?? 100_000;
  }

  run(world: World, refold: Refold): FaultExploration {
    this.injectAll(world, this.faultsMax);
    this.walk(world, refold);
    return {
      events: world.index,
      injections: this.injections,
      states: this.classes.size,
      violating: this.violating,
      unrecoverable: this.unrecoverable,
      injectionsByFault: this.byFault,
      verdictsByFault: this.verdictsByFault,
      violations: [...this.violations.values()],
      classes: this.classes,
    };
  }

  /** Goes through the run without faults, up to its end or to what does not hold. */
  private walk(world: World, refold: Refold): void {
    for (let next = this.oracles.next(world); next !== undefined; next = this.oracles.next(world)) {
      const verdict = this.step(world, next);
      refold.follow(world);
      if (verdict === 'violated' || this.isDone()) return;
      this.injectAll(world, this.faultsMax);
      if (this.isDone()) return;
      if (world.index > this.eventsMax) {
        this.violate(world, 'G7', `the run has no end: ${world.index} events`);
        return;
      }
    }
    this.judgeEnd(world);
  }

  private isDone(): boolean {
    return this.options.stopAtFirst === true && this.violations.size > 0;
  }

  /** `recoveredOnly`: leaves out faults that start no recovery. */
  private injectAll(world: World, faultsLeft: number, recoveredOnly = false): void {
    const how = faultsLeft === this.faultsMax ? 'all' : 'few';
    if (faultsLeft === 0) return;
    for (const fault of this.mechanism.faults) {
      if (!('occurrences' in fault)) continue;
      for (const events of fault.occurrences(world.state, how)) {
        this.inject(world.fork(), events, fault, faultsLeft - 1, recoveredOnly);
        if (this.isDone()) return;
      }
    }
  }

  private inject(
    world: World,
    events: readonly AnyEvent[],
    { number, survives }: Occurring,
    faultsLeft: number,
    recoveredOnly: boolean,
  ): void {
    const fault = { number, index: world.index };
    let verdict: FaultVerdict = 'survived';
    for (const event of events) {
      verdict = this.step(world, event, fault);
      if (verdict === 'violated') break;
    }
    if (verdict !== 'violated') {
      if (recoveredOnly && this.mechanism.recover(world.state) === undefined) return;
      verdict = this.follow(world, faultsLeft);
    }
    if (verdict === 'unrecoverable' && survives === true && faultsLeft === this.faultsMax - 1)
      verdict = this.violate(
        world,
        'G2',
        `${number} is claimed to be survived always, and a loss was reported`,
      );
    this.count(number, verdict);
  }

  private count(number: string, verdict: FaultVerdict): void {
    this.injections++;
    this.byFault[number] = (this.byFault[number] ?? 0) + 1;
    if (verdict === 'violated') this.violating++;
    else if (verdict === 'unrecoverable') this.unrecoverable++;
    this.verdictsByFault[number] ??= { survived: 0, unrecoverable: 0, violated: 0 };
    this.verdictsByFault[number][verdict]++;
  }

  /** Lets the world after a fault go on to its end, or to a class that was followed before. */
  private follow(world: World, faultsLeft: number): FaultVerdict {
    const chain: FaultClass[] = [];
    const isDisturbed = this.mechanism.recover(world.state) === undefined;
    let verdict: FaultVerdict | undefined;
    let left = faultsLeft;
    while (verdict === undefined) {
      const next = this.oracles.next(world);
      if (!world.recovering && !isDisturbed) left = 0;
      const digest = world.classDigest(left);
      const known = this.classes.get(digest);
      if (known !== undefined) {
        if (chain.length === 0) known.weight++;
        verdict = chain.includes(known)
          ? this.violate(world, 'G7', 'recovery goes in a circle')
          : known.verdict;
        break;
      }
      const here: FaultClass = { verdict: 'survived', weight: chain.length === 0 ? 1 : 0 };
      this.classes.add(digest, here);
      chain.push(here);
      if (!isDisturbed) this.injectAll(world, left);
      else if (digest.d % DISTURBED_CLASSES === 0) this.injectAll(world, left, true);
      if (next === undefined) verdict = this.judgeEnd(world);
      else if (this.step(world, next) === 'violated') verdict = 'violated';
      else if (chain.length > this.eventsMax) verdict = this.violate(world, 'G7', 'the run has no end');
      if (this.isDone()) verdict ??= 'survived';
    }
    for (const one of chain) one.verdict = verdict;
    return verdict;
  }

  private step(world: World, event: AnyEvent, fault?: InjectedFault): FaultVerdict {
    return this.told(world, this.oracles.step(world, event, fault));
  }

  private judgeEnd(world: World): FaultVerdict {
    return this.told(world, this.oracles.end(world));
  }

  private told(world: World, judgement: Judgement): FaultVerdict {
    return typeof judgement === 'string'
      ? judgement
      : this.violate(world, judgement.invariant, judgement.message);
  }

  private violate({ last }: World, invariant: string, message: string): FaultVerdict {
    const known = this.violations.get(invariant);
    if (known === undefined || lengthOf(last) < lengthOf(known.last))
      this.violations.set(invariant, { invariant, message, last });
    return 'violated';
  }
}

const lengthOf = (last: Link | undefined): number => (last === undefined ? 0 : last.index + 1);
