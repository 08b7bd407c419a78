import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

interface Block {
  language: string;
  text: string;
  line: number;
}

/** The fenced code blocks of a page. */
function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [at, line] of readFileSync(join(ROOT, page), 'utf8').split('\n').entries()) {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence === null) {
      if (open !== undefined) open.text += `${line}\n`;
    } else if (open === undefined) open = { language: fence[1], text: '', line: at + 1 };
    else {
      blocks.push(open);
      open = undefined;
    }
  }
  return blocks;
}

function run(
  command: string,
  args: string[],
  cwd: string,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** How a line of a shell block is run without npm: `npm start -- ARGUMENTS` and `tearline ARGUMENTS` alike. */
function argumentsOf(line: string): string[] | undefined {
  const words = line.replace(/\s+#.*$/, '').match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const plain = words.map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
  if (plain[0] === 'tearline') return [join(ROOT, 'dist/cli/tearline.cjs'), ...plain.slice(1)];
  if (plain.join(' ') === 'npm start') return [join(ROOT, 'scripts/start.mjs')];
  if (plain.slice(0, 3).join(' ') === 'npm start --')
    return [join(ROOT, 'dist/cli/tearline.cjs'), ...plain.slice(3)];
  return undefined;
}

describe('every command and code block of the pages runs', () => {
  let directory = '';
  const modules = join(ROOT, 'dist', `blocks-${process.pid}`); // within the package, which may so import itself by name

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tearline-docs-'));
    for (const name of ['fixtures', 'replays', 'examples', 'package.json']) {
      if (existsSync(join(ROOT, name))) symlinkSync(join(ROOT, name), join(directory, name));
    }
    mkdirSync(modules, { recursive: true });
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
    rmSync(modules, { recursive: true, force: true });
  });

  for (const page of PAGES) {
    it(page, { timeout: 120_000 }, async () => {
      for (const { language, text, line } of blocksOf(page)) {
        const where = `${page}:${line}`;
        if (language === 'sh') {
          for (const command of text.split('\n').filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
            const args = argumentsOf(command.trim());
            expect(args, `${where}: how is this run: ${command}`).toBeDefined();
            const { status, output } = await run(process.execPath, args as string[], directory);
            expect([0, 1], `${where}: ${command}\n${output}`).toContain(status);
            // A violation is status 1 and no mistake; where all is well, statistics may be told.
            if (status !== 0) expect(output, `${where}: ${command}`).not.toMatch(/^tearline: /m);
          }
        } else if (language === 'js') {
          const file = join(modules, `block-${line}.mjs`);
          writeFileSync(file, text);
          const { status, output } = await run(process.execPath, [file], directory);
          expect(status, `${where}\n${output}`).toBe(0);
        }
      }
    });
  }
});

describe('every example runs', () => {
  for (const name of readdirSync(join(ROOT, 'examples')).filter((one) => one.endsWith('.mjs'))) {
    it(name, async () => {
      const { status, output } = await run(process.execPath, [join(ROOT, 'examples', name)], ROOT);
      expect(status, output).toBe(0);
      expect(output).toMatch(/\S/);
    });
  }
});
