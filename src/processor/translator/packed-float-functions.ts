import type { Type } from '../lifted/form.ts';
import { Code } from './encoder.ts';
import { defineFloatFunction, floatFunctionName, type ScalarFloat, scalarTypes } from './float-functions.ts';
import type { FunctionType, ModuleBuilder } from './module.ts';

/** `(vectors…) -> (vector, i32)`: as the function for one number, for every lane; 1 where it is 1 for one of them. */
export function packedFunctionType(lane: ScalarFloat): FunctionType {
  return { parameters: scalarTypes(lane).operands.map(() => 'v128'), results: ['v128', 'i32'] };
}

/** The name by which it is exported and imported. */
export const packedFunctionName = (lane: ScalarFloat): string => `packed ${floatFunctionName(lane)}`;

/** Adds the function to a module, and exports it. Lanes are as in `float/packed.ts`. */
export function definePackedFunction(module: ModuleBuilder, lane: ScalarFloat, ownAt: number): void {
  const { operands, result } = scalarTypes(lane);
  const scalar = defineFloatFunction(module, lane, ownAt);
  const code = new Code();
  const [vector, number] = [operands.length, operands.length + 1];
  for (let place = 0; place < lanesOf([...operands, result]); place++) {
    for (const [parameter, type] of operands.entries()) {
      code.get(parameter);
      code.numeric(`${shapeOf(type)}.extract_lane`, place);
    }
    code.call(scalar);
    code.if();
    code.constantVector(0n);
    code.constant32(1);
    code.return();
    code.end();
    code.set(number);
    code.get(vector);
    code.get(number);
    code.numeric(`${shapeOf(result)}.replace_lane`, place);
    code.set(vector);
  }
  code.get(vector);
  code.constant32(0);
  module.define(packedFunctionType(lane), ['v128', result], code, packedFunctionName(lane));
}

const shapeOf = (type: Type): 'i32x4' | 'i64x2' => (type === 'i32' ? 'i32x4' : 'i64x2');

/** As many as of the widest. */
const lanesOf = (types: readonly Type[]): number => (types.includes('i64') ? 2 : 4);
