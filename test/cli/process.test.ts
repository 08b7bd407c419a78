import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadScript } from '../../scripts/cached-script.mjs';
import { start, tearline } from '../support/command-line.ts';
import { inRepository } from '../support/in-process.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

/** A store log that takes a while. */
function longLog(): string {
  let log = '==1== START|REGISTER_FILE;/p;0x10000;0x100000;0x0';
  for (let i = 0; i < 200_000; i++) log += `|STORE;0x${(0x10000 + (i % 9000) * 64).toString(16)};0x1;0x8`;
  writeFileSync(folder('long.storelog'), `${log}|STOP\n`);
  return folder('long.storelog');
}

/** A program that takes a while. */
function longProgram(): string {
  const store = { kind: 'store', address: '0x0', data: '01' };
  const program = { sizeBytes: 64, cores: [new Array(400_000).fill(store)] };
  writeFileSync(folder('long.json'), JSON.stringify(program));
  return folder('long.json');
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await after(5);
  expect(holds()).toBe(true);
}

describe('the process', () => {
  it('ends quietly with status 141 when the reader of its output goes away', async () => {
    const args = ['import', inRepository('fixtures/pmem/log3000.storelog.gz'), '-o', '-'];
    const child = spawn(process.execPath, [inRepository('dist/cli/tearline.cjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });

  it('interrupted, import leaves nothing behind: status 130', async () => {
    const { child, ended } = start(['import', longLog(), '-o', folder('imported.ndjson')]);
    await until(() => readdirSync(folder('')).some((name) => name.endsWith('-imported.ndjson')));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, stdout: '' });
    expect(readdirSync(folder('')).filter((name) => name.includes('imported'))).toEqual([]);
  });

  it('interrupted, record completes what it has: status 130; killed, it can be read', async () => {
    const program = longProgram();
    for (const [signal, told] of [
      ['SIGINT', /confirm all/],
      ['SIGKILL', /was cut short/],
    ] as const) {
      const path = folder(`${signal}.ndjson`);
      const { child, ended } = start(['record', program, '-o', path]);
      await until(() => existsSync(path));
      await after(50);
      child.kill(signal);
      expect((await ended).status).toBe(signal === 'SIGINT' ? 130 : null);
      const { status, stdout } = await tearline(['replay', path]);
      expect(stdout).toMatch(told);
      expect(status).toBe(0);
    }
  });

  it('a mistake of its own is told as such, with the stack only when asked for', async () => {
    const preload = folder('broken.mjs');
    writeFileSync(
      preload,
      `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
fs.readdirSync = () => { throw new TypeError('broken on purpose'); };
syncBuiltinESMExports();
`,
    );
    const environment = { NODE_OPTIONS: `--import=${preload}` };
    const plain = await tearline(['list', '--json'], { environment });
    expect(plain.status).toBe(70);
    expect(plain.stderr).toMatch(
      /^tearline: internal error: TypeError: broken on purpose; .*please report it.*\n$/,
    );
    const debugged = await tearline(['list', '--json'], {
      environment: { ...environment, TEARLINE_DEBUG: '1' },
    });
    expect(debugged.stderr).toMatch(/\n {4}at /);
  });

  it('starts `run` from what V8 compiled when it was built', () => {
    const scripts = readdirSync(inRepository('dist/joined')).filter((name) => /^run-.*\.cjs$/.test(name));

    expect(scripts).toHaveLength(1);
    const file = inRepository(join('dist/joined', scripts[0]));
    expect(loadScript(file).script.cachedDataRejected).toBe(false);
  });
});
