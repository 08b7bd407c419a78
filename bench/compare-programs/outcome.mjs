/**
 * What can be seen of a run from outside.
 * @typedef {object} Outcome
 * @property {string} end `status 0` or `SIGSEGV`
 * @property {Buffer} stdout
 * @property {Buffer} stderr
 * @property {ReadonlyMap<string, Buffer>} files that it left, by path from its directory
 */

/**
 * What the same program was given on both sides.
 * @typedef {object} Given
 * @property {string} executable
 * @property {readonly string[]} argv
 * @property {Buffer} stdin
 */

/**
 * The environment of both. A guest's processor is a baseline x86-64; the C library on the machine's processor must not
 * choose functions that fuse multiplications with additions, which round otherwise.
 */
export const ENVIRONMENT = {
  PATH: '/usr/bin:/bin',
  HOME: '/',
  LANG: 'C',
  GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX_Usable,-AVX2_Usable,-FMA_Usable,-FMA4_Usable,-AVX,-AVX2,-FMA,-FMA4',
};

/**
 * Tells how a guest's outcome differs from the expected one, a line each.
 * @param {Outcome} expected
 * @param {Outcome} found
 */
export function differences(expected, found) {
  const lines = [];
  if (found.end !== expected.end) lines.push(`ended with ${found.end} instead of ${expected.end}`);
  for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
    const line = bytesDiffer(stream, expected[stream], found[stream]);
    if (line !== undefined) lines.push(line);
  }
  for (const path of new Set([...expected.files.keys(), ...found.files.keys()])) {
    const line = bytesDiffer(path, expected.files.get(path), found.files.get(path));
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

/**
 * @param {string} what
 * @param {Buffer | undefined} expected
 * @param {Buffer | undefined} found
 */
function bytesDiffer(what, expected, found) {
  if (expected === undefined) return `${what}: made by the guest alone`;
  if (found === undefined) return `${what}: not made by the guest`;
  if (expected.equals(found)) return undefined;
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const start = expected.lastIndexOf(10, Math.max(0, at - 1)) + 1;
  const excerpt = (/** @type {Buffer} */ bytes) =>
    JSON.stringify(bytes.toString('latin1', Math.max(start, at - 60), at + 60));
  return `${what}: byte ${at} of ${found.length} (expected ${expected.length}): ${excerpt(found)} instead of ${excerpt(expected)}`;
}
