import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copiedFiles } from '../../src/node/copied-files.ts';
import { programInputs } from '../../src/node/program-digest.ts';
import { programRequest, readProgram } from '../../src/node/program-request.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();
const NONE: ReadonlySet<string> = new Set();

describe('files that a program finds', () => {
  it('are all that a folder holds, in the order of their paths, without what is no file', () => {
    const data = folder('data');
    mkdirSync(join(data, 'b', 'c'), { recursive: true });
    mkdirSync(join(data, 'empty'));
    for (const path of ['z', 'a', 'b/c/d']) writeFileSync(join(data, path), path);
    symlinkSync('/etc/passwd', join(data, 'link'));

    const expected = ['a', 'b/c/d', 'z'].map((path) => [join(data, path), `/in/${path}`]);
    expect(copiedFiles([[data, '/in']], NONE)).toEqual(expected);
    expect(copiedFiles([[`${data}/`, '/in']], NONE)).toEqual(expected);

    const request = programRequest({ command: [join(data, 'a')], files: [[data, '/in']] });
    const { files } = readProgram(request);
    expect([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual(
      ['a', 'b/c/d', 'z'].map((path) => [`/in/${path}`, path]),
    );
    expect(programInputs(request).map(({ name }) => name)).toEqual([
      join(data, 'a'),
      ...expected.map(([host]) => host),
    ]);
  });

  it('are not those of a folder that lie on persistent memory', () => {
    const work = folder('work');
    mkdirSync(work);
    for (const path of ['pool', 'input']) writeFileSync(join(work, path), path);
    const request = programRequest({
      command: [join(work, 'input')],
      files: [[work, '/']],
      persistentFiles: [{ host: join(work, 'pool'), guest: '/pool' }],
    });
    const { files, persistentFiles } = readProgram(request);
    expect([...files.keys()]).toEqual(['/input']);
    expect([...persistentFiles.keys()]).toEqual(['/pool']);
    const inputs = programInputs(request).map(({ name }) => name);
    expect(inputs).toEqual(['input', 'input', 'pool'].map((path) => join(work, path)));
  });

  it('are not more than fit into memory', () => {
    const many = folder('many');
    mkdirSync(many);
    for (let i = 0; i <= 10_000; i++) writeFileSync(join(many, String(i)), '');

    expect(() => copiedFiles([[many, '/']], NONE)).toThrow(
      /^--file .*many: holds more than 10000 files; name/,
    );
  });
});
