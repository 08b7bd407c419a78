import { fileDigest, textDigest } from './file-digest.ts';
import { copiedFilesOf, isThere, type ProgramRequest } from './program-request.ts';
import type { StandardInput } from './standard-input.ts';

/** Everything that a program’s run depends on, by name and SHA-256: files that are not there yet are left out. */
export function programInputs({
  command,
  files,
  persistentFiles,
  stdin,
}: ProgramRequest): { name: string; sha256: string }[] {
  const there = persistentFiles.filter(({ host }) => isThere(host));
  const paths = [
    command[0],
    ...copiedFilesOf({ files, persistentFiles }).map(([host]) => host),
    ...there.map(({ host }) => host),
  ];
  const inputs = paths.map((name) => ({ name, sha256: fileDigest(name) }));
  return stdin === undefined ? inputs : [...inputs, standardInputDigest(stdin)];
}

/** One digest of all that a program’s run depends on; where its files lie on the host does not matter. */
export function programDigest(request: ProgramRequest): string {
  const { command, environment, persistentFiles, stdin, seed, memoryBytes } = request;
  const digests = programInputs(request).map(({ sha256 }) => sha256);
  const guests = [
    ...copiedFilesOf(request).map(([, guest]) => guest),
    ...persistentFiles.map(({ host, guest, capacityBytes }) => [guest, capacityBytes, isThere(host)]),
  ];
  return textDigest(
    JSON.stringify([command, environment, guests, seed, memoryBytes, digests, stdin !== undefined]),
  );
}

/** Its name and SHA-256, as of the other inputs of a run. Throws `InputError` for a file that cannot be read. */
const standardInputDigest = (input: StandardInput): { name: string; sha256: string } =>
  'file' in input
    ? { name: input.file, sha256: fileDigest(input.file) }
    : { name: 'standard input', sha256: textDigest(Buffer.from(input.base64, 'base64')) };
