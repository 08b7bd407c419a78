import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { allMechanisms } from '../../src/mechanisms/all.ts';
import { ran } from '../support/in-process.ts';

/**
 * One line for each scenario: SHA-256 of its recording. The file is the same whatever runs this test: any version of Node,
 * any machine. `npx vitest run test/mechanisms/same-bytes.test.ts -u` writes it anew after a mechanism was changed on purpose.
 */
it('recordings of all scenarios have the same bytes everywhere', async () => {
  const lines: string[] = [];
  for (const { name, scenarios } of allMechanisms) {
    for (const scenario of scenarios) {
      const { status, stdout } = await ran(['record', name, '--scenario', scenario.name, '-o', '-']);
      expect(status).toBe(0);
      lines.push(`${createHash('sha256').update(stdout).digest('hex')}  ${name} ${scenario.name}`);
    }
  }

  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('recordings.sha256');
});
