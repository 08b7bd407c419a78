import { describe, expect, it } from 'vitest';
import { powerLoss, survivePowerLoss } from '../../src/explore/power-loss.ts';
import type { Checker, PromiseFold } from '../../src/explore/verdict.ts';
import { FILE_SPACE_BYTES, type Platform } from '../../src/hardware/persistent-memory/configuration.ts';
import type { Operation } from '../../src/hardware/persistent-memory/operations.ts';

/*
 * One payload of 8 bytes at 256 and a flag at 0 that says it is there: the smallest protocol that can be got wrong in
 * every well-known way. A second payload word lies in another line, at 512.
 */
const FLAG = 0;
const PAYLOAD = 256;
const SECOND = 512;

const map: Operation = { type: 'map', file: 'pool', base: 0x10000n, sizeBytes: 4096, fileOffset: 0 };
const word = (value: number): string => value.toString(16).padStart(2, '0').padEnd(16, '0');
const store = (
  address: number,
  source: string,
  extra: { core?: number; nonTemporal?: true } = {},
): Operation => ({
  type: 'store',
  core: 0,
  address,
  data: word(1),
  source: `0x1000: ${source}; 0x2000: main (main.c:1)`,
  ...extra,
});
const flush = (address: number, core = 0): Operation => ({
  type: 'flush',
  core,
  address,
  sizeBytes: 64,
  instruction: 'clwb',
});
const fence = (core = 0): Operation => ({ type: 'fence', core, instruction: 'sfence' });
const marker = (name: string): Operation => ({ type: 'marker', core: 0, name });

const flagNeedsPayload: Checker = (image) =>
  image[FLAG] === 0 || image[PAYLOAD] === 1 ? true : 'the flag is set and the payload is missing';

const survive = (
  program: Operation[],
  platform: Platform = 'P1',
  check = flagNeedsPayload,
  promise?: PromiseFold,
) => survivePowerLoss([map, ...program], powerLoss({ platform }), check, promise);

describe('causes and explanations, one program for each well-known defect', () => {
  it('a right program survives on every platform that has the queue in its persistence domain', () => {
    const right = [
      store(PAYLOAD, 'put (a.c:1)'),
      flush(PAYLOAD),
      fence(),
      store(FLAG, 'put (a.c:4)'),
      flush(FLAG),
      fence(),
    ];
    for (const platform of ['P1', 'P2'] as const) {
      expect(survive(right, platform)).toMatchObject({ outcome: 'clean', violating: 0, groups: [] });
    }
    // Without ADR an accepted line is not durable before a flush hint: the same program is wrong there.
    expect(survive(right, 'P0').outcome).toBe('violating');
  });

  const defects: [name: string, defect: string, program: Operation[], words: RegExp][] = [
    [
      'missing fence',
      'missing fence',
      [store(PAYLOAD, 'put (a.c:1)'), flush(PAYLOAD), store(FLAG, 'put (a.c:4)'), flush(FLAG), fence()],
      /put \(a\.c:4\) can be durable while the store at put \(a\.c:1\).*no fence stands between/,
    ],
    [
      'missing flush',
      'missing flush',
      [store(PAYLOAD, 'put (a.c:1)'), fence(), store(FLAG, 'put (a.c:4)'), flush(FLAG), fence()],
      /its line \(pool\+0x100\) is not flushed.*Flush its line, and fence, before the store at put \(a\.c:4\)/,
    ],
    [
      'flush of the wrong line',
      'flush of another line',
      [
        store(PAYLOAD, 'put (a.c:1)'),
        flush(PAYLOAD + 64),
        fence(),
        store(FLAG, 'put (a.c:4)'),
        flush(FLAG),
        fence(),
      ],
      /another line \(pool\+0x140\), in which there is nothing to flush, not its own \(pool\+0x100\)/,
    ],
    [
      'flush before the store',
      'flush before the store',
      [
        flush(PAYLOAD),
        store(PAYLOAD, 'put (a.c:1)'),
        fence(),
        store(FLAG, 'put (a.c:4)'),
        flush(FLAG),
        fence(),
      ],
      /flushed before the store and not after it/,
    ],
    [
      'flag before payload, which only an eviction shows',
      'wrong order',
      [
        store(FLAG, 'put (a.c:4)'),
        store(PAYLOAD, 'put (a.c:1)'),
        flush(PAYLOAD),
        fence(),
        flush(FLAG),
        fence(),
      ],
      /put \(a\.c:4\) comes before the store at put \(a\.c:1\), on which it depends/,
    ],
    [
      'non-temporal payload without a fence',
      'missing fence',
      [
        store(PAYLOAD, 'put (a.c:1)', { nonTemporal: true }),
        store(FLAG, 'put (a.c:4)'),
        flush(FLAG),
        fence(),
      ],
      /non-temporal, and no fence/,
    ],
    [
      'flush and fence in different threads',
      'missing fence',
      [
        store(PAYLOAD, 'put (a.c:1)'),
        flush(PAYLOAD, 1),
        fence(0),
        store(FLAG, 'put (a.c:4)'),
        flush(FLAG),
        fence(),
      ],
      /another thread's/,
    ],
  ];
  for (const [name, defect, program, words] of defects) {
    it(`${name}: one group, found, named and explained`, () => {
      const { groups, outcome } = survive(program);
      expect(outcome).toBe('violating');
      expect(groups.map(({ witness }) => witness?.explanation.defect)).toEqual([defect]);
      expect(groups.map(({ witness }) => witness?.explanation.text).join('\n')).toMatch(words);
    });
  }

  it('a store in a function without line numbers is placed between lines that have some', () => {
    const { groups } = survive([
      store(64, 'put (a.c:1)'),
      store(PAYLOAD, 'memcpy+0x2c'),
      store(128, 'put (a.c:3)'),
      store(FLAG, 'put (a.c:4)'),
    ]);
    expect(groups[0].witness?.explanation.text).toMatch(
      /memcpy\+0x2c has no line numbers; it stores after .* at put \(a\.c:1\) and before .* at put \(a\.c:3\)\.$/,
    );
  });

  it('two payload words, each in a line of its own: the one that is missing is named', () => {
    const check: Checker = (image) =>
      image[FLAG] === 0 || (image[PAYLOAD] === 1 && image[SECOND] === 1) ? true : 'torn payload';
    const program = [
      store(PAYLOAD, 'put (a.c:1)'),
      store(SECOND, 'put (a.c:2)'),
      flush(PAYLOAD),
      fence(),
      store(FLAG, 'put (a.c:4)'),
      flush(FLAG),
      fence(),
    ];
    const { groups } = survive(program, 'P1', check);
    expect(groups).toHaveLength(1);
    expect(groups[0].cause).toBe('order: early put (a.c:4); missing put (a.c:2)');
  });

  it('two causes are two groups, and the search does not stop at the first', () => {
    const check: Checker = (image) => {
      if (image[FLAG] !== 0 && image[PAYLOAD] === 0) return 'first';
      return image[1024] !== 0 && image[SECOND] === 0 ? 'second' : true;
    };
    const program = [
      store(PAYLOAD, 'put (a.c:1)'),
      store(FLAG, 'put (a.c:2)'),
      flush(PAYLOAD),
      flush(FLAG),
      fence(),
      store(SECOND, 'put (b.c:1)'),
      store(1024, 'put (b.c:2)'),
      flush(SECOND),
      flush(1024),
      fence(),
    ];
    const { groups } = survive(program, 'P1', check);
    expect(groups.map(({ cause }) => cause).sort()).toEqual([
      'order: early put (a.c:2); missing put (a.c:1)',
      'order: early put (b.c:2); missing put (b.c:1)',
    ]);
  });

  it('a lost completed operation is found through the promise, and only so', () => {
    const program = [
      marker('PUT.BEGIN'),
      store(PAYLOAD, 'put (a.c:1)'),
      flush(PAYLOAD),
      marker('PUT.END'),
      fence(),
    ];
    const promise: PromiseFold = (previous, name) =>
      ((previous as number | undefined) ?? 0) + (name === 'PUT.END' ? 1 : 0);
    const check: Checker = (image, context) =>
      context.promise === 1 && image[PAYLOAD] === 0 ? 'a completed put is lost' : true;
    expect(survive(program, 'P1', check).violating).toBe(0);

    const { groups, violating, distinct } = survive(program, 'P1', check, promise);
    expect({ violating, distinct }).toEqual({ violating: 1, distinct: 5 });
    expect(groups[0].witness?.explanation).toMatchObject({ defect: 'promise too early' });
    expect(groups[0].witness?.explanation.text).toContain('PUT.END');
    expect(groups[0].witness?.promise).toBe(1);
  });

  it('a store that is never flushed is one group, also where it is missed a second time because of a promise', () => {
    const program = [...defects[1][2], marker('PUT.END')];
    const promise: PromiseFold = (_, name) => name;
    const { groups, violating } = survive(program, 'P1', flagNeedsPayload, promise);
    expect(violating).toBe(2);
    expect(groups.map(({ images, witness }) => [images, witness?.explanation.defect])).toEqual([
      [2, 'missing flush'],
    ]);
  });

  it('without ADR a flushed and fenced line lacks the flush hint', () => {
    const right = [store(PAYLOAD, 'put (a.c:1)'), flush(PAYLOAD), fence(), store(FLAG, 'put (a.c:4)')];
    const hint: Operation = { type: 'hint', core: 0, controller: 0 };
    const { groups } = survive(right, 'P0');
    expect(groups.map(({ witness }) => witness?.explanation.defect)).toEqual(['missing flush hint']);
    expect(survive([...right.slice(0, 3), hint, right[3]], 'P0').violating).toBe(0);
  });

  it('without stack frames, stores are told apart by their place behind the marker: loops stay one group, two bugs two', () => {
    const bare = (address: number): Operation => ({ type: 'store', core: 0, address, data: word(1) });
    const round = (base: number): Operation[] => [
      marker('PUT.BEGIN'),
      bare(base + PAYLOAD), // no fence between this …
      flush(base + PAYLOAD),
      bare(base), // … and this
      flush(base),
      fence(),
      bare(base + SECOND), // and none between this …
      flush(base + SECOND),
      bare(base + 768), // … and this
      flush(base + 768),
      fence(),
      marker('PUT.END'),
    ];
    const check: Checker = (image) => {
      for (let base = 0; base < 4096; base += 1024) {
        if (image[base] === 1 && image[base + PAYLOAD] === 0) return 'first';
        if (image[base + 768] === 1 && image[base + SECOND] === 0) return 'second';
      }
      return true;
    };
    const { groups, violating } = survive([0, 1024, 2048].flatMap(round), 'P1', check);
    expect(violating).toBe(6);
    expect(groups.map(({ images, witness }) => [images, witness?.explanation.defect])).toEqual([
      [3, 'missing fence'],
      [3, 'missing fence'],
    ]);
  });

  it('a witness is small: nothing can be left out of it, and its last events are the crash', () => {
    const noise = (k: number): Operation[] => [
      store(2048 + 64 * k, 'noise (n.c:1)'),
      flush(2048 + 64 * k),
      fence(),
    ];
    const program = [...noise(0), ...noise(1), ...defects[0][2], ...noise(2)];
    const { groups } = survive(program);
    const kinds = groups[0].witness?.events.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'file.mapped',
      'store.visible', // the payload
      'line.flushed', // kept, since without it the defect would be another
      'store.visible', // the flag
      'line.evicted',
      'power.lost',
    ]);
  });

  it('a witness of a long run begins with what was settled, as contents of the file', () => {
    const rounds: Operation[] = [];
    for (let k = 0; k < 100; k++)
      rounds.push(store(2048 + 8 * (k % 16), 'log (l.c:1)'), flush(2048), flush(2112), fence());
    const needsLog: Checker = (image, context) =>
      image[2048] === 0 && image[FLAG] === 1 ? 'no log' : flagNeedsPayload(image, context);
    const { groups, violating } = survive([...rounds, ...defects[0][2]], 'P1', needsLog);
    expect(violating).toBe(1);
    expect(groups[0].witness?.events.map(({ kind }) => kind)).toEqual([
      'file.mapped',
      'file.loaded', // without it the checker would miss the log
      'store.visible',
      'line.flushed',
      'store.visible',
      'line.evicted',
      'power.lost',
    ]);
  });

  it('a witness tells the story of the image that was found: of less than that the checker would say something else', () => {
    const [BUSY, TOTAL, SIZE] = [0, PAYLOAD, SECOND];
    const persisted = (address: number, source: string): Operation[] => [
      store(address, source),
      flush(address),
      fence(),
    ];
    // Redo, which adds to the total what may be in it already: not idempotent.
    const redo: Checker = (image) => {
      const isBusy = image[BUSY] === 1;
      const [total, size] = isBusy ? [image[TOTAL] + 1, 1] : [image[TOTAL], image[SIZE]];
      return total === size || `total ${total}, size ${size}`;
    };
    const program = [BUSY, TOTAL, SIZE].flatMap((address) => persisted(address, `set (a.c:${address})`));
    const done = { ...store(BUSY, 'set (a.c:9)'), data: word(0) } as Operation;

    const { groups } = survive([...program, done, flush(BUSY), fence()], 'P2', redo);

    expect(groups[0].smallest.reason).toBe('total 2, size 1');
    expect(groups[0].witness?.verdict.reason).toBe('total 2, size 1'); // and not 'total 1, size 0', without BUSY
  });

  it('a witness is as small where the checker never says the same twice', () => {
    let calls = 0;
    const counting: Checker = (image, context) =>
      flagNeedsPayload(image, context) === true || `judged as number ${++calls}`;

    const { groups } = survive([store(2048, 'noise (n.c:1)'), ...defects[0][2]], 'P1', counting);

    expect(groups[0].witness?.events).toHaveLength(6);
  });

  it('an unstable checker is told apart from a wrong program', () => {
    let calls = 0;
    const unstable: Checker = () => (++calls === 3 ? 'once' : true);
    const { groups } = survive(defects[0][2], 'P1', unstable);
    expect(groups).toHaveLength(1);
    expect(groups[0].witness).toBeUndefined();
  });
});

describe('what only a flush hint helps against', () => {
  const tail = [store(FLAG, 'put (a.c:4)'), flush(FLAG), fence()];
  it.each<[string, Operation[]]>([
    ['a fence of another thread stands before that of its own', [flush(PAYLOAD), fence(1), fence(0)]],
    ['another thread flushed as well, without a fence', [flush(PAYLOAD, 1), flush(PAYLOAD), fence()]],
    ['CLFLUSH needs no fence', [{ ...flush(PAYLOAD), instruction: 'clflush' } as Operation]],
  ])('%s', (_, between) => {
    const { groups } = survive([store(PAYLOAD, 'put (a.c:1)'), ...between, ...tail], 'P1f');
    expect(groups.map(({ witness }) => witness?.explanation.defect)).toEqual(['missing flush hint']);
  });

  it('a non-temporal store that its thread fenced', () => {
    const payload = store(PAYLOAD, 'put (a.c:1)', { nonTemporal: true });
    const { groups } = survive([payload, fence(), ...tail], 'P0');
    expect(groups.map(({ witness }) => witness?.explanation.defect)).toEqual(['missing flush hint']);
  });
});

describe('the words of an explanation', () => {
  it.each([
    ['within one line', PAYLOAD],
    ['across two lines', PAYLOAD + 56],
  ])('a store that reaches over a boundary of 8 bytes, %s, is told as one store', (_, address) => {
    const wide: Operation = { ...store(address, 'put (a.c:1)'), data: '01'.repeat(16) } as Operation;
    const halves: Checker = (image) => image[address] === image[address + 8] || 'one half';
    const { groups } = survive([wide, flush(address), flush(address + 15), fence()], 'P1', halves);

    expect(groups.map(({ witness }) => witness?.explanation.defect)).toEqual(['not atomic']);
    expect(groups[0].witness?.explanation.text).toMatch(/^The store at put \(a\.c:1\) is durable in part/);
  });

  it('two stores of one source line are told apart by their addresses', () => {
    const both: Checker = (image) => image[PAYLOAD] === image[SECOND] || 'one of the two';
    const loop = [PAYLOAD, SECOND].flatMap((at) => [store(at, 'put (a.c:1)'), flush(at)]);
    const { groups } = survive([...loop, fence()], 'P1', both);

    expect(groups[0].witness?.explanation.text).toMatch(/pool\+0x100\).*pool\+0x200\)/);
  });

  it('a value that is wrong until it is replaced cannot be mended by storing both at once', () => {
    const half: Operation = { ...store(FLAG, 'put (a.c:1)'), data: word(2) } as Operation;
    const neverTwo: Checker = (image) => image[FLAG] !== 2 || 'half done';

    const { groups } = survive([half, store(FLAG, 'put (a.c:4)'), flush(FLAG), fence()], 'P1', neverTwo);

    expect(groups.map(({ witness }) => witness?.explanation)).toEqual([
      {
        defect: 'not atomic',
        text: expect.stringMatching(
          /^The store at put \(a\.c:1\) leaves a value that is wrong until the store at put \(a\.c:4\) replaces it,/,
        ),
      },
    ]);
  });

  it('a place is told by the file that it is in', () => {
    const log: Operation = { ...map, file: '/logs/log', base: 0x20000n } as Operation;
    const flagNeedsLog: Checker = (image, { files }) =>
      image[FLAG] === 0 || files['/logs/log']?.[PAYLOAD] === 1 || 'no log';
    const inLog = FILE_SPACE_BYTES + PAYLOAD;
    const program = [log, store(inLog, 'put (a.c:1)'), store(FLAG, 'put (a.c:4)'), flush(FLAG), fence()];

    const { groups } = survive(program, 'P1', flagNeedsLog);

    expect(groups[0].witness?.explanation.text).toContain('its line (log+0x100) is not flushed');
  });

  it('every store that is missing is named', () => {
    const needsBoth: Checker = (image) =>
      image[FLAG] === 0 || (image[PAYLOAD] === 1 && image[SECOND] === 1) || 'a payload is missing';
    const { groups } = survive(
      [store(PAYLOAD, 'put (a.c:1)'), store(SECOND, 'put (a.c:2)'), store(FLAG, 'put (a.c:4)')],
      'P1',
      needsBoth,
    );

    const texts = groups.map(({ witness }) => witness?.explanation.text ?? '');
    expect(
      texts.some((text) => /put \(a\.c:1\).*Missing as well, and needed: .*put \(a\.c:2\)\.$/.test(text)),
    ).toBe(true);
  });
});
