import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/**
 * What a command of this folder is called with, as `parseArgs` gives it. With --help it prints the comment that the command's
 * file begins with, and ends; a mistake is told in a line, with status 3.
 *
 * @template {import('node:util').ParseArgsConfig} T
 * @param {string} url of the command's file
 * @param {T} config
 * @returns {ReturnType<typeof parseArgs<T>>}
 */
export function commandLine(url, config) {
  const end = process.argv.indexOf('--');
  const own = end < 0 ? process.argv : process.argv.slice(0, end);
  if (own.includes('--help')) {
    console.log(beginningOf(readFileSync(new URL(url), 'utf8')));
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
}

/**
 * A whole number from 0 on.
 *
 * @param {string} what it is of
 * @param {string} text
 */
export function count(what, text) {
  return /^\d{1,15}$/.test(text) ? Number(text) : mistake(`${what} is ${text}: it must be a whole number`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function mistake(message) {
  console.error(`${message.split(/[.\n]/)[0]}; --help tells what there is`);
  process.exit(3);
}

/** The comment that a file begins with, without its marks. @param {string} source */
function beginningOf(source) {
  const lines = source.replace(/^#!.*\n/, '').split('\n');
  const isBlock = lines[0].startsWith('/**');
  const size = isBlock
    ? lines.findIndex((line) => line.includes('*/')) + 1
    : lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, size)
    .map((line) => line.replace(/^(\/\/ ?|\/\*\* ?| \*\/| \* ?)/, '').replace(/ \*\/$/, ''))
    .join('\n')
    .trim();
}
