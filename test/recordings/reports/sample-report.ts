import type { CampaignReport, GroupReport, Outcome } from '../../../src/explore/campaign-report.ts';
import { defaultLimits, wholeShard } from '../../../src/explore/limits.ts';
import { buildTimeline, type RunTimeline } from '../../../src/explore/timeline.ts';
import type { Operation } from '../../../src/hardware/persistent-memory/operations.ts';

/** Where text from outside gets into a report. */
export interface Texts {
  readonly log: string;
  readonly checker: string;
  readonly cause: string;
  readonly explanation: string;
  readonly reason: string;
  readonly source: string;
  readonly file: string;
  readonly marker: string;
  readonly recording: string;
  readonly promise: string;
}

export const TEXTS: (keyof Texts)[] = [
  'log',
  'checker',
  'cause',
  'explanation',
  'reason',
  'source',
  'file',
  'marker',
  'recording',
  'promise',
];

export const plainTexts: Texts = {
  log: 'list.storelog',
  checker: 'check',
  cause: 'order: early f (a.c:1) in PUSH; missing g (a.c:2) in PUSH',
  explanation: 'The store at f (a.c:1) can be durable too early.',
  reason: 'a node is torn',
  source: 'f (a.c:1)',
  file: 'pool.img',
  marker: 'PUSH',
  recording: 'witness.ndjson',
  promise: 'done',
};

export function sampleGroup(texts: Texts = plainTexts): GroupReport {
  const { cause, explanation, reason, source, file, marker, recording, promise } = texts;
  const place = { file, fileOffset: 0x48, markers: [marker] };
  return {
    cause,
    defect: 'missing fence',
    images: 7,
    explanation,
    inRecovery: false,
    stores: [
      { role: 'missing', source, event: 3, ...place },
      { role: 'early', source: null, event: 5, ...place, fileOffset: 0x80 },
    ],
    witness: {
      index: 6,
      reason,
      survivors: [{ file, fileOffset: 0x80, durable: [2, 0, 0, 0, 0, 0, 0, 1] }],
      promise: { promise },
      recording,
      events: 9,
      imageDigest: '00ff',
    },
  };
}

/** A report with something in every part of it, and no clean outcome. */
export function sampleReport(
  texts: Texts = plainTexts,
  changes: Partial<CampaignReport> = {},
): CampaignReport {
  return {
    schemaVersion: 1,
    command: 'campaign',
    log: texts.log,
    fault: 'power-loss',
    platform: 'P1',
    checker: texts.checker,
    checkerKind: 'command',
    seed: '1',
    shard: { index: 1, count: 4 },
    limits: defaultLimits,
    operations: 9,
    events: 12,
    crashPoints: 8,
    images: {
      combinations: null,
      combinationsLog2: 130.25,
      distinct: 30,
      checked: 29,
      consistent: 20,
      violating: 7,
      undecided: 2,
      complete: false,
    },
    outcome: 'violating',
    groups: [sampleGroup(texts), { ...sampleGroup(texts), defect: null, stores: [] }],
    undecided: [{ kind: 'crash', images: 2, index: 4, reason: texts.reason }],
    incomplete: {
      points: 2,
      explored: 512,
      imagesLog2: 129,
      largestLog2: 128,
      strategy: 'none, all',
      list: [
        { index: 4, images: undefined, log2: 128, explored: 256 },
        { index: 6, images: 70_000, log2: Math.log2(70_000), explored: 256 },
      ],
    },
    windows: [
      { from: 4, to: 6, images: 5 },
      { from: 9, to: 12, images: 2 },
    ],
    notes: [],
    elapsedMs: 1234,
    ...changes,
  };
}

/** A report of a run in which nothing is wrong. */
export const cleanReport = (outcome: Outcome = 'clean'): CampaignReport => {
  const report = sampleReport();
  const images = {
    ...report.images,
    checked: 30,
    consistent: 30,
    violating: 0,
    undecided: 0,
    complete: true,
  };
  return {
    ...report,
    images,
    outcome,
    groups: [],
    undecided: [],
    incomplete: null,
    windows: [],
    shard: wholeShard,
  };
};

function sampleRun({ file, marker, source }: Texts = plainTexts): Operation[] {
  const store = (address: number): Operation => ({ type: 'store', core: 0, address, data: 'ff', source });
  return [
    { type: 'map', file, base: 0x1000n, sizeBytes: 4096, fileOffset: 0 },
    { type: 'marker', core: 0, name: `${marker}.BEGIN` },
    store(0x48),
    { type: 'flush', core: 0, address: 0x48, sizeBytes: 64, instruction: 'clwb' },
    store(0x80),
    { type: 'fence', core: 0, instruction: 'sfence' },
    store(0x100),
    { type: 'marker', core: 0, name: `${marker}.END` },
  ];
}

export const sampleTimeline = (texts: Texts = plainTexts): RunTimeline =>
  buildTimeline(sampleRun(texts), { platform: 'P1' });
