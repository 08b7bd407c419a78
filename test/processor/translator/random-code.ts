import fc from 'fast-check';

/** Registers that code may change: not those that hold the stack, the data and where code is. */
const FREE = [0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 13];
const RSI = 6;

type Width = 8 | 16 | 32 | 64;

interface ModRm {
  readonly register: number;
  /** A register, or memory at rsi and a displacement. */
  readonly other: { readonly register: number } | { readonly displacement: number };
}

const free = fc.constantFrom(...FREE);
const width = fc.constantFrom<Width>(8, 16, 32, 64);
const wide = fc.constantFrom<Width>(16, 32, 64);
const other = fc.oneof(
  { weight: 3, arbitrary: fc.record({ register: free }) },
  { weight: 2, arbitrary: fc.record({ displacement: fc.integer({ min: -128, max: 127 }) }) },
);
const modRm: fc.Arbitrary<ModRm> = fc.record({ register: free, other });
const byte = fc.integer({ min: 0, max: 255 });

/** Bytes of an instruction with a ModRM byte: prefixes, opcode, operands, immediate. */
function encode(
  width: Width,
  opcode: readonly number[],
  { register, other }: ModRm,
  tail: readonly number[] = [],
  before: readonly number[] = [],
): number[] {
  const rm = 'register' in other ? other.register : RSI;
  const rex = 0x40 | (width === 64 ? 8 : 0) | (register > 7 ? 4 : 0) | (rm > 7 ? 1 : 0);
  const mode = 'register' in other ? 0xc0 : 0x40;
  const displacement = 'register' in other ? [] : [other.displacement & 0xff];
  return [
    ...(width === 16 ? [0x66] : []),
    ...before,
    rex,
    ...opcode,
    mode | ((register & 7) << 3) | (rm & 7),
    ...displacement,
    ...tail,
  ];
}

/** The opcode of a group whose byte form is one less. */
const sized = (width: Width, opcode: number): number => (width === 8 ? opcode : opcode + 1);

const immediateOf = (width: Width, bytes: readonly number[]): number[] =>
  bytes.slice(0, width === 8 ? 1 : width === 16 ? 2 : 4);

const extended = (place: number, operands: ModRm): ModRm => ({ register: place, other: operands.other });
const bytes4 = fc.tuple(byte, byte, byte, byte);
/** Numbers near the ends of all widths, where flags differ. */
const edges = fc.constantFrom(
  [0, 0, 0, 0],
  [1, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0x7f, 0, 0, 0],
  [0xff, 0x7f, 0, 0],
  [0, 0x80, 0, 0],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
);
const immediate = fc.oneof(bytes4, edges);

const binary = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7), width, modRm, fc.boolean())
  .map(([operation, width, operands, isLoad]) =>
    encode(width, [sized(width, 8 * operation + (isLoad ? 2 : 0))], operands),
  );
const binaryImmediate = fc
  .tuple(fc.nat(7), width, modRm, immediate)
  .map(([operation, width, operands, bytes]) =>
    encode(width, [sized(width, 0x80)], extended(operation, operands), immediateOf(width, bytes)),
  );
const step = fc
  .tuple(fc.nat(1), width, modRm)
  .map(([operation, width, operands]) => encode(width, [sized(width, 0xfe)], extended(operation, operands)));
const unary = fc
  .tuple(fc.integer({ min: 2, max: 7 }), width, modRm)
  .map(([operation, width, operands]) => encode(width, [sized(width, 0xf6)], extended(operation, operands)));
const shift = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 7), width, modRm, byte, fc.boolean())
  .map(([operation, width, operands, count, isByRegister]) =>
    isByRegister
      ? encode(width, [sized(width, 0xd2)], extended(operation, operands))
      : encode(width, [sized(width, 0xc0)], extended(operation, operands), [count]),
  );
const doubleShift = fc
  .tuple(fc.constantFrom(0xa4, 0xac), wide, modRm, byte)
  .map(([opcode, width, operands, count]) => encode(width, [0x0f, opcode], operands, [count]));
const move = fc
  .tuple(fc.constantFrom(0x88, 0x8a), width, modRm)
  .map(([opcode, width, operands]) => encode(width, [sized(width, opcode)], operands));
const moveImmediate = fc
  .tuple(width, modRm, immediate)
  .map(([width, operands, bytes]) =>
    encode(width, [sized(width, 0xc6)], extended(0, operands), immediateOf(width, bytes)),
  );
const widen = fc
  .tuple(fc.constantFrom(0xb6, 0xb7, 0xbe, 0xbf), fc.constantFrom<Width>(32, 64), modRm)
  .map(([opcode, width, operands]) => encode(width, [0x0f, opcode], operands));
const conditional = fc
  .tuple(fc.nat(15), wide, modRm, fc.boolean())
  .map(([condition, width, operands, isMove]) =>
    isMove
      ? encode(width, [0x0f, 0x40 + condition], operands)
      : encode(8, [0x0f, 0x90 + condition], operands),
  );
const multiply = fc
  .tuple(wide, modRm, fc.constantFrom(0xaf, 0xbc, 0xbd, 0xa3, 0xab, 0xb3, 0xbb))
  .map(([width, operands, opcode]) =>
    opcode === 0xaf || opcode < 0xa4 || 'register' in operands.other || opcode >= 0xbc
      ? encode(width, [0x0f, opcode], operands)
      : encode(width, [0x0f, 0xaf], operands),
  );
const exchange = fc.tuple(fc.constantFrom(0xb0, 0xc0), width, modRm).map(([opcode, width, operands]) => {
  const lock = 'register' in operands.other ? [] : [0xf0];
  return encode(width, [0x0f, sized(width, opcode)], operands, [], lock);
});
const oneByte = fc.constantFrom(0xf5, 0xf8, 0xf9, 0x9e, 0x9f, 0x98, 0x99, 0x90).map((opcode) => [opcode]);
const pushed = fc
  .tuple(free, fc.constantFrom(0x50, 0x58))
  .map(([register, opcode]) => (register > 7 ? [0x41, opcode + (register & 7)] : [opcode + register]));
const flagsPushed = fc.constantFrom([0x9c], [0x9c, 0x58], [0x50, 0x9d]);
const repeatedFill = fc.tuple(fc.constantFrom(0xaa, 0xab), byte).map(([opcode, count]) => [
  ...encode(64, [0x8d], { register: 7, other: { displacement: 16 } }), // lea rdi, [rsi + 16]
  0xb9,
  count & 15,
  0,
  0,
  0, // mov ecx, count
  0xf3,
  opcode,
]);

/** An instruction of SSE2 on vectors of integers, or that moves them. */
const vector = fc
  .tuple(
    fc.constantFrom(0xfc, 0xfd, 0xfe, 0xd4, 0xef, 0xeb, 0xdb, 0x6f, 0x7f, 0x74, 0x62, 0xf4, 0x6e, 0x7e, 0xd7),
    modRm,
    fc.nat(7),
  )
  .map(([opcode, operands, register]) => {
    const hasGeneral = opcode === 0x6e || opcode === 0x7e;
    const onlyRegisters = opcode === 0xd7;
    const inMemory = 'displacement' in operands.other && !onlyRegisters;
    const other = inMemory
      ? { displacement: ('displacement' in operands.other ? operands.other.displacement : 0) & 0x70 }
      : { register: hasGeneral ? 3 : register };
    return [0x66, ...encode(32, [0x0f, opcode], { register: onlyRegisters ? 2 : register, other })];
  });

const straight = fc.oneof(
  { weight: 4, arbitrary: binary },
  { weight: 3, arbitrary: binaryImmediate },
  { weight: 2, arbitrary: step },
  unary,
  { weight: 3, arbitrary: shift },
  doubleShift,
  { weight: 2, arbitrary: move },
  moveImmediate,
  widen,
  { weight: 3, arbitrary: conditional },
  multiply,
  exchange,
  oneByte,
  pushed,
  flagsPushed,
  repeatedFill,
  vector,
);

/** One piece of code: straight, or a jump to another piece by its number. */
type Piece =
  | { readonly kind: 'straight'; readonly bytes: readonly number[] }
  | { readonly kind: 'jump'; readonly opcode: readonly number[]; readonly to: number }
  | { readonly kind: 'return' };

const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 8, arbitrary: straight.map((bytes): Piece => ({ kind: 'straight', bytes })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(15), fc.nat())
      .map(([condition, to]): Piece => ({ kind: 'jump', opcode: [0x0f, 0x80 + condition], to })),
  },
  fc
    .tuple(fc.constantFrom(0xe9, 0xe8), fc.nat())
    .map(([opcode, to]): Piece => ({ kind: 'jump', opcode: [opcode], to })),
  fc.constant<Piece>({ kind: 'return' }),
);

/** Code that begins at its first byte, runs in circles, and may fault. */
export const randomCode: fc.Arbitrary<Uint8Array> = fc
  .array(piece, { minLength: 3, maxLength: 40 })
  .map(assemble);

/** Straight code of instructions that affect flags or ask for them. */
export const flagCode: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: binary },
      { weight: 2, arbitrary: binaryImmediate },
      { weight: 2, arbitrary: step },
      { weight: 2, arbitrary: shift },
      { weight: 4, arbitrary: conditional },
      oneByte,
    ),
    { minLength: 2, maxLength: 12 },
  )
  .map((list) => assemble(list.map((bytes): Piece => ({ kind: 'straight', bytes }))));

/** Floating point: prefixes 66, F3 and F2 choose packed and scalar forms, and the format. */
const floating = fc
  .tuple(
    fc.constantFrom([], [0x66], [0xf3], [0xf2]),
    fc.constantFrom(0x51, 0x58, 0x59, 0x5c, 0x5d, 0x5e, 0x5f, 0xc2, 0x5a),
    fc.nat(7),
    fc.oneof(fc.record({ register: fc.nat(7) }), fc.record({ displacement: fc.nat(7).map((n) => 16 * n) })),
    fc.nat(7),
  )
  .map(([prefix, opcode, register, other, predicate]) => [
    ...prefix,
    ...encode(32, [0x0f, opcode], { register, other }, opcode === 0xc2 ? [predicate] : []),
  ]);
const floatToFlags = fc
  .tuple(fc.constantFrom([], [0x66]), fc.constantFrom(0x2e, 0x2f), fc.nat(7), fc.nat(7))
  .map(([prefix, opcode, left, register]) => [
    ...prefix,
    ...encode(32, [0x0f, opcode], { register: left, other: { register } }),
  ]);
/** Between general and vector registers. */
const conversion = fc
  .tuple(
    fc.constantFrom([0xf3], [0xf2]),
    fc.constantFrom(0x2a, 0x2c, 0x2d),
    fc.constantFrom<Width>(32, 64),
    fc.nat(3),
    fc.nat(3),
  )
  .map(([prefix, opcode, width, register, other]) => [
    ...prefix,
    ...encode(width, [0x0f, opcode], { register, other: { register: other } }),
  ]);
const vectorLoad = fc
  .tuple(fc.nat(7), fc.nat(7))
  .map(([register, place]) => encode(32, [0x0f, 0x28], { register, other: { displacement: 16 * place } }));

/** Straight code of floating point on numbers in memory. */
export const floatCode: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: floating }, floatToFlags, conversion, {
      weight: 2,
      arbitrary: vectorLoad,
    }),
    { minLength: 4, maxLength: 30 },
  )
  .map((list) => assemble(list.map((bytes): Piece => ({ kind: 'straight', bytes }))));

function assemble(pieces: readonly Piece[]): Uint8Array {
  const sizes = pieces.map((one) =>
    one.kind === 'straight' ? one.bytes.length : one.kind === 'jump' ? one.opcode.length + 4 : 1,
  );
  const starts = [0];
  for (const size of sizes) starts.push(starts[starts.length - 1] + size);
  const end = starts[pieces.length];
  const code: number[] = [];
  for (const [place, one] of pieces.entries()) {
    if (one.kind === 'straight') code.push(...one.bytes);
    else if (one.kind === 'return') code.push(0xc3);
    else code.push(...one.opcode, ...relative(starts[one.to % pieces.length] - starts[place + 1]));
  }
  // At last back to the beginning.
  return Uint8Array.from([...code, 0xe9, ...relative(-(end + 5))]);
}

const relative = (distance: number): number[] => [0, 8, 16, 24].map((by) => (distance >> by) & 0xff);
