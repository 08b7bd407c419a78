import { describe, expect, it } from 'vitest';
import { guestSpec, startGuest } from '../../support/guests.ts';

/** What a program writes to standard output, a text for each system call. */
function writes(terminals: readonly (0 | 1 | 2)[]): string[] {
  const written: string[] = [];
  const process = startGuest(guestSpec('hello', ['1', '2'], { terminals }), {
    written: (descriptor, bytes) => {
      if (descriptor === 1) written.push(new TextDecoder().decode(bytes));
    },
  });
  process.run(1_000_000);
  return written;
}

describe('standard output that is a terminal', () => {
  it('gets each line at once, else more together, as C libraries do it', () => {
    const [lines, whole] = [writes([0, 1, 2]), writes([])];

    expect(lines.join('')).toBe(whole.join(''));
    expect(lines.length).toBeGreaterThan(whole.length);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/\n$/);
  });

  it('is none where another stream is one', () => {
    expect(writes([0, 2])).toEqual(writes([]));
  });
});
