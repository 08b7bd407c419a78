/** What a memory operand of an instruction holds. */
export type OperandFormat =
  | 'none'
  | 'm32fp'
  | 'm64fp'
  | 'm80fp'
  | 'm80bcd'
  | 'm16int'
  | 'm32int'
  | 'm64int'
  | 'environment'
  | 'state';

export interface Tested {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly operand: OperandFormat;
}

/** The memory operand is at rdi. */
const memory = (opcode: number, extension: number): readonly number[] => [opcode, (extension << 3) | 7];

const ARITHMETIC = ['add', 'mul', 'com', 'comp', 'sub', 'subr', 'div', 'divr'];

const list: [name: string, bytes: readonly number[], operand?: OperandFormat][] = [];
for (const [extension, name] of ARITHMETIC.entries()) {
  const registers = 0xc0 | (extension << 3);
  list.push(
    [`f${name} m32fp`, memory(0xd8, extension), 'm32fp'],
    [`f${name} m64fp`, memory(0xdc, extension), 'm64fp'],
    [`fi${name} m16int`, memory(0xde, extension), 'm16int'],
    [`fi${name} m32int`, memory(0xda, extension), 'm32int'],
    [`f${name} st0, st0`, [0xd8, registers]],
    [`f${name} st0, st1`, [0xd8, registers | 1]],
    [`f${name} st0, st6`, [0xd8, registers | 6]],
  );
  if (!name.startsWith('com'))
    list.push(
      [`f${name} st1, st0 (reversed as encoded)`, [0xdc, registers | 1]],
      [`f${name}p st1, st0 (reversed as encoded)`, [0xde, registers | 1]],
      [`f${name}p st3, st0 (reversed as encoded)`, [0xde, registers | 3]],
    );
}
list.push(
  ['fld m32fp', memory(0xd9, 0), 'm32fp'],
  ['fld m64fp', memory(0xdd, 0), 'm64fp'],
  ['fld m80fp', memory(0xdb, 5), 'm80fp'],
  ['fild m16int', memory(0xdf, 0), 'm16int'],
  ['fild m32int', memory(0xdb, 0), 'm32int'],
  ['fild m64int', memory(0xdf, 5), 'm64int'],
  ['fbld m80bcd', memory(0xdf, 4), 'm80bcd'],
  ['fst m32fp', memory(0xd9, 2), 'm32fp'],
  ['fstp m32fp', memory(0xd9, 3), 'm32fp'],
  ['fst m64fp', memory(0xdd, 2), 'm64fp'],
  ['fstp m64fp', memory(0xdd, 3), 'm64fp'],
  ['fstp m80fp', memory(0xdb, 7), 'm80fp'],
  ['fist m16int', memory(0xdf, 2), 'm16int'],
  ['fistp m16int', memory(0xdf, 3), 'm16int'],
  ['fist m32int', memory(0xdb, 2), 'm32int'],
  ['fistp m32int', memory(0xdb, 3), 'm32int'],
  ['fistp m64int', memory(0xdf, 7), 'm64int'],
  ['fbstp m80bcd', memory(0xdf, 6), 'm80bcd'],
  ['fld st0', [0xd9, 0xc0]],
  ['fld st3', [0xd9, 0xc3]],
  ['fxch st1', [0xd9, 0xc9]],
  ['fxch st5', [0xd9, 0xcd]],
  ['fst st2', [0xdd, 0xd2]],
  ['fstp st0', [0xdd, 0xd8]],
  ['fstp st4', [0xdd, 0xdc]],
  ['fcompp', [0xde, 0xd9]],
  ['fucom st1', [0xdd, 0xe1]],
  ['fucomp st1', [0xdd, 0xe9]],
  ['fucompp', [0xda, 0xe9]],
  ['fcomi st0, st1', [0xdb, 0xf1]],
  ['fcomip st0, st1', [0xdf, 0xf1]],
  ['fucomi st0, st1', [0xdb, 0xe9]],
  ['fucomip st0, st1', [0xdf, 0xe9]],
  ['fcmovb st0, st1', [0xda, 0xc1]],
  ['fcmove st0, st2', [0xda, 0xca]],
  ['fcmovbe st0, st3', [0xda, 0xd3]],
  ['fcmovu st0, st4', [0xda, 0xdc]],
  ['fcmovnb st0, st1', [0xdb, 0xc1]],
  ['fcmovne st0, st2', [0xdb, 0xca]],
  ['fcmovnbe st0, st3', [0xdb, 0xd3]],
  ['fcmovnu st0, st4', [0xdb, 0xdc]],
  ['fchs', [0xd9, 0xe0]],
  ['fabs', [0xd9, 0xe1]],
  ['ftst', [0xd9, 0xe4]],
  ['fxam', [0xd9, 0xe5]],
  ...['fld1', 'fldl2t', 'fldl2e', 'fldpi', 'fldlg2', 'fldln2', 'fldz'].map(
    (name, index): [string, number[]] => [name, [0xd9, 0xe8 + index]],
  ),
  ['fxtract', [0xd9, 0xf4]],
  ['fprem1', [0xd9, 0xf5]],
  ['fdecstp', [0xd9, 0xf6]],
  ['fincstp', [0xd9, 0xf7]],
  ['fprem', [0xd9, 0xf8]],
  ['fsqrt', [0xd9, 0xfa]],
  ['frndint', [0xd9, 0xfc]],
  ['fscale', [0xd9, 0xfd]],
  ['ffree st2', [0xdd, 0xc2]],
  ['ffreep st1', [0xdf, 0xc1]],
  ['fnop', [0xd9, 0xd0]],
  ['fwait', [0x9b]],
  ['emms', [0x0f, 0x77]],
  ['fninit', [0xdb, 0xe3]],
  ['fnclex', [0xdb, 0xe2]],
  ['fnstcw', memory(0xd9, 7), 'm16int'],
  ['fldcw', memory(0xd9, 5), 'm16int'],
  ['fnstsw', memory(0xdd, 7), 'm16int'],
  ['fnstsw ax', [0xdf, 0xe0]],
  ['fnstenv', memory(0xd9, 6), 'environment'],
  ['fldenv', memory(0xd9, 4), 'environment'],
  ['fnsave', memory(0xdd, 6), 'state'],
  ['frstor', memory(0xdd, 4), 'state'],
);

/** Every instruction of x87 that gives the same everywhere, some with more than one register. */
export const INSTRUCTIONS: readonly Tested[] = list.map(([name, bytes, operand = 'none']) => ({
  name,
  bytes,
  operand,
}));
