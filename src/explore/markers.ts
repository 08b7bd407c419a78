/** Which of a program's markers are open when: `NAME.BEGIN` opens, `NAME.END` closes, others are passed. */
export class MarkerHistory {
  private readonly from: number[] = [0];
  private readonly open: (readonly string[])[] = [[]];

  /** A marker was passed by the event with this index. */
  pass(event: number, marker: string): void {
    const now = this.open[this.open.length - 1];
    if (marker.endsWith('.BEGIN')) this.push(event, [...now, marker.slice(0, -'.BEGIN'.length)]);
    else if (marker.endsWith('.END')) {
      const at = now.lastIndexOf(marker.slice(0, -'.END'.length));
      if (at >= 0) this.push(event, [...now.slice(0, at), ...now.slice(at + 1)]);
    }
  }

  /** The markers open at this event, outermost first. */
  at(event: number): readonly string[] {
    return this.open[this.placeOf(event)];
  }

  /** How many events it lies behind the marker that was passed last; undefined where none is open. */
  since(event: number): number | undefined {
    const place = this.placeOf(event);
    return this.open[place].length === 0 ? undefined : event - this.from[place];
  }

  private placeOf(event: number): number {
    let low = 0;
    let high = this.from.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.from[middle] <= event) low = middle;
      else high = middle;
    }
    return low;
  }

  private push(event: number, open: readonly string[]): void {
    this.from.push(event);
    this.open.push(open.slice(-MAX_DEPTH));
  }
}

const MAX_DEPTH = 64; // of a log that opens without end
