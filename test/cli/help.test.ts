import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inRepository, ran } from '../support/in-process.ts';

const COMMANDS = [
  'import',
  'run',
  'record',
  'replay',
  'show',
  'diff',
  'inject',
  'export',
  'campaign',
  'compare',
  'merge',
  'list',
];

/** A folder that looks like the root of the repository, with `tearline` on its path. */
const root = mkdtempSync(join(tmpdir(), 'tearline-examples-'));
for (const name of ['fixtures', 'replays']) symlinkSync(inRepository(name), join(root, name));
const script = join(root, 'tearline');
writeFileSync(
  script,
  `#!/bin/sh\nexec "${process.execPath}" "${inRepository('dist/cli/tearline.cjs')}" "$@"\n`,
);
chmodSync(script, 0o755);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function shell(command: string): Promise<{ status: number | null; stderr: string }> {
  const environment = { ...process.env, PATH: `${root}${delimiter}${process.env['PATH'] ?? ''}` };
  const child = spawn('sh', ['-c', command], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stderr })));
}

const examplesIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}\$ (.+)$/gm)].map(([, command]) => command);

describe('help', () => {
  it('is shown without arguments, and names every command', async () => {
    const { status, stdout, stderr } = await ran([]);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(await ran(['--help'])).toEqual({ status, stdout, stderr });
  });

  it('the version is that of the package', async () => {
    const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
    expect(await ran(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  for (const command of ['', ...COMMANDS]) {
    it(`examples of ${command || 'the overview'} work as they stand`, async () => {
      const { stdout, status } = await ran(command === '' ? ['--help'] : [command, '--help']);
      expect(status).toBe(0);
      const commands = examplesIn(stdout);
      expect(commands.length).toBeGreaterThanOrEqual(2);
      for (const example of commands) {
        const ended = await shell(example);
        expect([0, 1], `${example}\n${ended.stderr}`).toContain(ended.status);
        expect(ended.stderr, example).not.toMatch(/^tearline: (?!.*written)/m);
      }
    });
  }
});
