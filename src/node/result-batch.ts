const KEYS_MAX = 4096;
const WAIT_MS_MAX = 25;

/** Collects the keys of consistent classes, so that a message carries many of them and yet none waits for long. */
export class ResultBatch {
  private keys = new Int32Array(KEYS_MAX * 4);
  private count = 0;
  private sentAt = performance.now();

  constructor(private readonly take: (keys: Int32Array) => void) {}

  add(key: Int32Array): void {
    this.keys.set(key, this.count * 4);
    if (++this.count === KEYS_MAX || this.isDue()) this.send();
  }

  /** Whether it is time to send what there is. */
  isDue(): boolean {
    return performance.now() - this.sentAt > WAIT_MS_MAX;
  }

  send(): void {
    this.sentAt = performance.now();
    if (this.count === 0) return;
    this.take(this.keys.slice(0, this.count * 4));
    this.count = 0;
  }
}
