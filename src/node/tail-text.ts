const KEPT_CHARACTERS = 4096;
const REASON_CHARACTERS_MAX = 200;

/** The end of what a program says. */
export class TailText {
  private text = '';

  push(chunk: string): void {
    this.text = (this.text + chunk).slice(-KEPT_CHARACTERS);
  }

  /** The last line with something in it, of bounded length; undefined when there is none. */
  get lastLine(): string | undefined {
    const line = this.text.split('\n').findLast((one) => one.trim() !== '');
    return line?.trim().slice(0, REASON_CHARACTERS_MAX);
  }
}
