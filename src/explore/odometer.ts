import type { Content } from './line-choices.ts';

/**
 * Walks every choice of one content for each of some lines so that neighbours differ in one line by one step (the
 * reflected mixed-radix Gray code), and keeps the digest lanes of the whole current.
 */
export class Odometer {
  /** The digest lanes of the present choice. */
  readonly lanes = new Int32Array(4);
  /** Of each line, the index of its present content. */
  readonly digits: number[] = [];
  private readonly directions: number[] = [];
  private wheels: readonly (readonly Content[])[] = [];

  /** Begins with the first content of each line. `a` to `d` are the lanes of what the contents differ from. */
  start(wheels: readonly (readonly Content[])[], a: number, b: number, c: number, d: number): void {
    this.wheels = wheels;
    const { lanes, digits, directions } = this;
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
    digits.length = 0;
    directions.length = 0;
    for (const wheel of wheels) {
      digits.push(0);
      directions.push(1);
      this.toggle(wheel[0]);
    }
  }

  /** Steps to the next choice; false when all were seen. */
  next(): boolean {
    const { digits, directions, wheels } = this;
    for (let at = 0; at < wheels.length; at++) {
      const to = digits[at] + directions[at];
      if (to < 0 || to >= wheels[at].length) {
        directions[at] = -directions[at];
        continue;
      }
      this.toggle(wheels[at][digits[at]]);
      this.toggle(wheels[at][to]);
      digits[at] = to;
      return true;
    }
    return false;
  }

  private toggle(content: Content): void {
    this.lanes[0] ^= content.a;
    this.lanes[1] ^= content.b;
    this.lanes[2] ^= content.c;
    this.lanes[3] ^= content.d;
  }
}
