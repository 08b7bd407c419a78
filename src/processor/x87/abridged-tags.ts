const PHYSICAL = [0, 1, 2, 3, 4, 5, 6, 7];
const EMPTY = 3;

/** The tags as FXSAVE has them: one bit for each physical register, which says that it is not empty. */
export const abridgedTags = (tags: number): number =>
  PHYSICAL.reduce((bits, register) => {
    const isEmpty = ((tags >> (2 * register)) & EMPTY) === EMPTY;
    return isEmpty ? bits : bits | (1 << register);
  }, 0);

/** Two bits for each physical register: empty or not. */
export const tagsOfAbridged = (bits: number): number =>
  PHYSICAL.reduce((tags, register) => {
    const isEmpty = ((bits >> register) & 1) === 0;
    return isEmpty ? tags | (EMPTY << (2 * register)) : tags;
  }, 0);
