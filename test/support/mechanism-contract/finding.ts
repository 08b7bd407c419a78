/** Something that does not hold: the item of the mechanism that it concerns, and what is wrong, in words. */
export interface Finding {
  readonly item: string;
  readonly problem: string;
}

export const found = (item: string, problem: string): Finding => ({ item, problem });
