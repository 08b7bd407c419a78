import type { Type } from '../lifted/form.ts';
import type { NUMERIC, NumericOperation } from '../lifted/numeric.ts';
import type { ValueOf } from './values.ts';

type Values<Types extends readonly Type[]> = { [At in keyof Types]: ValueOf<Types[At]> };

type Immediate<Signature> = Signature extends { readonly immediate: 'lane' }
  ? [lane: number]
  : Signature extends { readonly immediate: 'lanes' }
    ? [lanes: readonly number[]]
    : [];

type Evaluate<Operation extends NumericOperation> = (
  ...values: [...Values<(typeof NUMERIC)[Operation]['operands']>, ...Immediate<(typeof NUMERIC)[Operation]>]
) => ValueOf<(typeof NUMERIC)[Operation]['result']>;

/** What operations of the lifted form compute, for those whose names begin in this way. */
export type Evaluations<Prefix extends string = ''> = {
  readonly [Operation in NumericOperation as Operation extends `${Prefix}${string}`
    ? Operation
    : never]: Evaluate<Operation>;
};
