import { describe, expect, it } from 'vitest';
import { cutCommandLine } from '../../src/cli/guest-command.ts';
import { ran } from '../support/in-process.ts';

describe('what stands behind -- is the guest’s', () => {
  it('whatever it looks like', () => {
    expect(cutCommandLine(['run', '--seed', '1', '--', './kv', '--json', '--', '-1'])).toEqual({
      own: ['run', '--seed', '1'],
      guest: ['./kv', '--json', '--', '-1'],
    });
    expect(cutCommandLine(['list'])).toEqual({ own: ['list'], guest: undefined });
    expect(cutCommandLine(['run', '--']).guest).toEqual([]);
  });

  it('a command that runs no program refuses one', async () => {
    const { status, stderr } = await ran(['list', '--', './kv']);
    expect(stderr).toBe('tearline: nothing stands behind -- here: this command runs no program\n');
    expect(status).toBe(3);
  });
});
