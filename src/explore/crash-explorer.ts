import { cachesSurvive } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { lineOf } from '../hardware/persistent-memory/lines.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { Digest } from '../kernel/digest.ts';
import { CrashImage } from './crash-image.ts';
import { Frontier } from './frontier.ts';
import { KeySet } from './key-set.ts';
import type { Limits, Shard } from './limits.ts';
import { Odometer } from './odometer.ts';
import { sampleChoices } from './strategy.ts';
import { Tally } from './tally.ts';

export interface ExplorerOptions {
  readonly limits: Limits;
  readonly seed: bigint;
  readonly shard: Shard;
  /** A fold over the markers passed so far; its value is part of the class. It must be plain JSON. */
  readonly promise?: (previous: unknown, marker: string) => unknown;
  /** Called once for each class of this shard, at the first point that can leave it. */
  readonly visit?: (image: CrashImage) => void;
  /** Called when what is durable for sure changed in a line, before any image with that change is visited. */
  readonly onDomainChange?: (line: number) => void;
  /** Called when a store changed what loads see of a line, before any image with it is visited. */
  readonly onStore?: (line: number) => void;
  /** Called when files were mapped or loaded. */
  readonly onFilesChange?: () => void;
}

/**
 * Walks a run event by event and visits each distinct crash image once, whichever points share it.
 *
 * An event adds only the images that hold what it brought: after a store, those in which its line has a new content. What
 * the other events leave is a part of what could be left before them. So a point costs what is new at it.
 */
export class CrashExplorer {
  readonly tally = new Tally();
  readonly frontier: Frontier;
  private readonly seen = new KeySet();
  private readonly sampled = new KeySet(); // at the present point
  private readonly image = new CrashImage();
  private readonly odometer = new Odometer();
  private readonly extra = new Digest(); // files and promise: what tells classes of equal images apart
  private promiseText = 'undefined'; // what is promised before the first marker
  private covered = true; // every image of the present point was visited
  private explored = 0; // else how many
  private narrowed = false; // fewer images are possible than when they were last visited
  private filesText = '';
  /** Files were just mapped or loaded, and more may be loaded before the run goes on. */
  private opening: 'file.mapped' | 'file.loaded' | null = null;
  private readonly contentsAtOnce: boolean;

  constructor(
    /** The machine; the explorer folds into it. */
    readonly state: MemoryState,
    private readonly options: ExplorerOptions,
  ) {
    this.frontier = new Frontier(state, options.limits.imagesPerPoint);
    this.contentsAtOnce = cachesSurvive(state.configuration.platform);
  }

  /** Number of classes visited so far: those of this shard. */
  get distinct(): number {
    return this.seen.size;
  }

  /** Folds an event and visits what can be left after it. */
  step(event: MemoryEvent): void {
    const { state } = this;
    if (this.opening !== null && event.kind !== 'file.loaded') this.opened();
    evolveMemory(state, event);
    this.image.index = state.eventCount;
    switch (event.kind) {
      case 'store.visible':
        this.options.onStore?.(lineOf(state, event.address));
        this.stored(lineOf(state, event.address), event.nonTemporal ?? false);
        if (!event.more) this.countPoint();
        return;
      case 'wpq.accepted':
      case 'line.evicted':
      case 'combining.written':
      case 'wpq.drained':
      case 'wpq.torn':
        this.accepted(lineOf(state, event.address));
        return;
      case 'line.flushed':
        if (event.instruction === 'clflush') {
          const first = lineOf(state, event.address);
          const last = lineOf(state, event.address + Math.max(1, event.sizeBytes) - 1);
          const touched = [...this.frontier.all()].filter(({ line }) => line >= first && line <= last);
          for (const { line } of touched) this.settled(line);
        }
        return;
      case 'fence.issued':
      case 'fence.retired':
        this.countPoint();
        return;
      case 'marker.passed':
        this.promised(event.name);
        return;
      case 'file.mapped':
        this.filesChanged();
        this.opening = event.kind;
        return;
      case 'file.loaded':
        this.options.onFilesChange?.();
        this.opening ??= event.kind;
        return;
      case 'power.lost':
        for (const { line } of [...this.frontier.all()]) this.settled(line);
        return;
      default: // nothing that a crash could leave has changed
    }
  }

  /** Says that the run is over: visits what can be left where it ends with files just opened. */
  end(): void {
    if (this.opening !== null) this.opened();
  }

  private stored(line: number, nonTemporal: boolean): void {
    const { state, frontier } = this;
    if (this.contentsAtOnce && !nonTemporal) {
      this.settled(line);
      this.visitAll(); // the persistence domain itself has changed
      return;
    }
    const pieces = state.pending.get(line)?.pieces ?? [];
    const choices = frontier.get(line);
    if (
      pieces.length !== (choices?.pieces.length ?? 0) + 1 ||
      pieces.at(-1)?.event !== state.eventCount - 1
    ) {
      frontier.rebuild(line); // only a defective machine reorders
      this.visitAll();
      return;
    }
    const { choices: grown, firstNew } = frontier.append(line, pieces[pieces.length - 1]);
    if (!this.covered) this.visitAll();
    else if (firstNew < grown.contents.length || !grown.complete) this.visitAll(line, firstNew);
  }

  /** Something of a line may have moved into the persistence domain: then fewer pieces are left outside it. */
  private accepted(line: number): void {
    const before = this.frontier.get(line)?.pieces.length ?? 0;
    const after = this.state.pending.get(line)?.pieces.length ?? 0;
    if (after !== before) this.settled(line);
  }

  private settled(line: number): void {
    this.frontier.rebuild(line);
    this.narrowed = true;
    this.options.onDomainChange?.(line);
  }

  private promised(marker: string): void {
    const { promise } = this.options;
    if (promise === undefined) return;
    const value = promise(this.image.promise, marker);
    const text = JSON.stringify(value) ?? 'undefined';
    this.image.promise = value;
    if (text === this.promiseText) return;
    this.extra.toggleText('promise', this.promiseText);
    this.extra.toggleText('promise', text);
    this.promiseText = text;
    this.visitAll();
  }

  private filesChanged(): void {
    this.extra.toggleText('files', this.filesText);
    this.filesText = this.state.files.map(({ name, sizeBytes }) => `${name} ${sizeBytes}`).join('\n');
    this.extra.toggleText('files', this.filesText);
    this.options.onFilesChange?.();
  }

  /** What a file held before the run was there before it was mapped: there is no crash between its parts. */
  private opened(): void {
    const { opening } = this;
    this.opening = null;
    this.visitAll();
    if (opening === 'file.mapped') this.countPoint();
  }

  private countPoint(): void {
    if (this.state.files.length === 0) return;
    if (!this.covered && this.narrowed) this.visitAll();
    this.tally.countPoint(this.frontier.combinations());
    if (this.covered) return;
    const { exact, count, log2 } = this.frontier.distinct();
    this.tally.countIncomplete(this.state.eventCount, exact ? count : undefined, log2, this.explored);
  }

  /**
   * Visits the images of this point, or, of a point whose earlier images are all visited, those in which one line has one
   * of its new contents.
   */
  private visitAll(changedLine = -1, firstNew = 0): void {
    const { frontier, tally, image, odometer, state, extra } = this;
    this.narrowed = false;
    if (state.files.length === 0) return;
    const { limits, seed } = this.options;
    const { exact, count } = frontier.distinct();
    const domain = state.domain.digest;
    const a = domain.a ^ extra.a;
    const b = domain.b ^ extra.b;
    const c = domain.c ^ extra.c;
    const d = domain.d ^ extra.d;
    if (!exact || count > limits.imagesPerPoint || tally.visits >= limits.images) {
      const budget = Math.max(0, Math.min(limits.imagesPerIncompletePoint, limits.images - tally.visits));
      this.sampled.clear();
      sampleChoices(frontier.open, budget, seed, image, () => this.visitSample(a, b, c, d));
      this.explored = this.sampled.size;
      tally.visits += this.explored;
      tally.complete = false;
      this.covered = false;
      return;
    }
    this.covered = true;
    const { open } = frontier;
    const wheels = open.map(({ line, contents }) =>
      line === changedLine ? contents.slice(firstNew) : contents,
    );
    odometer.start(wheels, a, b, c, d);
    const { lanes, digits } = odometer;
    do {
      image.ordinal = ++tally.visits;
      if (!this.isNew(lanes[0], lanes[1], lanes[2], lanes[3])) continue;
      image.clear([]);
      for (let i = 0; i < open.length; i++) image.put(open[i], wheels[i][digits[i]]);
      this.options.visit?.(image);
    } while (odometer.next());
  }

  private visitSample(a: number, b: number, c: number, d: number): void {
    const { image } = this;
    const { allDelta } = this.frontier;
    const fromAll = image.base.length > 0;
    let ka = a;
    let kb = b;
    let kc = c;
    let kd = d;
    if (fromAll) {
      ka ^= allDelta[0];
      kb ^= allDelta[1];
      kc ^= allDelta[2];
      kd ^= allDelta[3];
    }
    for (let i = 0; i < image.lines.length; i++) {
      const content = image.contents[i];
      const base = image.lines[i].contents[fromAll ? image.lines[i].all : 0];
      ka ^= content.a ^ base.a;
      kb ^= content.b ^ base.b;
      kc ^= content.c ^ base.c;
      kd ^= content.d ^ base.d;
    }
    if (!this.sampled.add(ka, kb, kc, kd)) return;
    image.ordinal = this.tally.visits + this.sampled.size;
    if (this.isNew(ka, kb, kc, kd)) this.options.visit?.(image);
  }

  private isNew(a: number, b: number, c: number, d: number): boolean {
    const { shard } = this.options;
    if (shard.count > 1 && (c >>> 0) % shard.count !== shard.index) return false;
    if (!this.seen.add(a, b, c, d)) return false;
    const { key } = this.image;
    key[0] = a;
    key[1] = b;
    key[2] = c;
    key[3] = d;
    return true;
  }
}
