import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultLimits, limitsOf, type Shard, wholeShard } from '../explore/limits.ts';
import { PLATFORMS, type Platform } from '../hardware/configuration.ts';
import { InputError } from '../kernel/errors.ts';
import type { CampaignSpec, CheckerSpec } from '../node/campaign-spec.ts';

/** Directory for witnesses, unless another one is named. */
const OUTPUT_DIRECTORY = 'tearline-out';

/** The options of `campaign` as commander gives them. */
export interface CampaignOptions {
  readonly platform?: Platform;
  readonly check?: string;
  readonly checkCommand?: string;
  readonly checkServer?: string;
  readonly base: readonly (readonly [string, string])[];
  readonly jobs: number;
  readonly seed: bigint;
  readonly shard: Shard;
  readonly results?: string;
  readonly report?: string;
  readonly witnesses?: string | false;
  readonly limitImagesPerPoint: number;
  readonly limitImagesPerIncompletePoint: number;
  readonly limitImages: number;
  readonly checkerTimeoutMs: number;
  readonly json?: true;
  readonly quiet?: true;
}

/** Options of every command that writes a report. */
export function addReportOptions(command: Command): Command {
  return command
    .option('--report <dir>', 'write index.html, junit.xml and results.ndjson into this directory')
    .option(
      '--witnesses <dir>',
      `where to write a recording for each group of violations (default: witnesses/ in the report directory, or ${OUTPUT_DIRECTORY}/; made only when there is a violation)`,
    )
    .option('--no-witnesses', 'write no recordings')
    .option('--json', 'print the report as one JSON object')
    .option('--quiet', 'no progress and no notes on stderr');
}

export function addCampaignOptions(command: Command): Command {
  const limit = (flags: string, what: string, value: number): Option =>
    new Option(`${flags} <n>`, what).argParser(wholeNumber).default(value);
  command
    .addOption(
      new Option('--fault <fault>', 'what befalls the machine').choices(['power-loss']).default('power-loss'),
    )
    .addOption(
      new Option(
        '--platform <platform>',
        'what survives: P0 media only, P1 ADR, P1f ADR that fails, P2 eADR (default: P1, or what a recording says)',
      ).choices(PLATFORMS),
    )
    .option(
      '--check <file>',
      'checker module: export default function check(image, context) → true, false or a text',
    )
    .option(
      '--check-command <command>',
      'command run once for each image; {} is its path, exit status 0 is consistent',
    )
    .option(
      '--check-server <command>',
      'command kept running: a path a line on stdin, ok or bad REASON a line on stdout',
    )
    .addOption(
      new Option('--base <file=image>', 'contents of a file before the run; repeatable')
        .argParser((value, given: readonly (readonly [string, string])[]) => [...given, baseOf(value)])
        .default([], 'zeros'),
    )
    .addOption(new Option('--jobs <n>', 'worker threads').argParser(jobCount).default(availableParallelism()))
    .addOption(new Option('--seed <number>', 'of samples, 64 bits').argParser(seedOf).default(0n, '0x0'))
    .addOption(
      new Option('--shard <i/n>', 'judge only part i of n, to be put together by tearline merge')
        .argParser(shardOf)
        .default(wholeShard, '1/1'),
    )
    .option('--results <file>', 'keep results here while it runs; the same campaign goes on from them')
    .addOption(
      limit(
        '--limit-images-per-point',
        'images of one crash point beyond which it is sampled',
        defaultLimits.imagesPerPoint,
      ),
    )
    .addOption(
      limit(
        '--limit-images-per-incomplete-point',
        'images visited at a point that is sampled',
        defaultLimits.imagesPerIncompletePoint,
      ),
    )
    .addOption(limit('--limit-images', 'images visited in all', defaultLimits.images))
    .addOption(limit('--checker-timeout-ms', 'time for one image, in milliseconds', defaultLimits.checkerMs));
  return addReportOptions(command);
}

/** What a campaign is about. Throws `InputError` for options that do not go together. */
export function specOf(log: string, options: CampaignOptions): CampaignSpec {
  if (log === '-')
    throw new InputError('campaign: the log is read more than once, so it must be a file, not -');
  return {
    log,
    base: options.base,
    configuration: options.platform === undefined ? {} : { platform: options.platform },
    limits: limitsOf({
      imagesPerPoint: options.limitImagesPerPoint,
      imagesPerIncompletePoint: options.limitImagesPerIncompletePoint,
      images: options.limitImages,
      checkerMs: options.checkerTimeoutMs,
    }),
    seed: options.seed,
    checker: checkerOf(options),
    shard: options.shard,
  };
}

/** Where witnesses go; undefined: nowhere. */
export function witnessDirectoryOf({
  witnesses,
  report,
}: Pick<CampaignOptions, 'witnesses' | 'report'>): string | undefined {
  if (witnesses === false) return undefined;
  return witnesses ?? (report === undefined ? OUTPUT_DIRECTORY : `${report}/witnesses`);
}

function checkerOf({ check, checkCommand, checkServer }: CampaignOptions): CheckerSpec | undefined {
  const given: CheckerSpec[] = [];
  if (check !== undefined) given.push({ kind: 'module', path: check });
  if (checkCommand !== undefined) given.push({ kind: 'command', text: checkCommand });
  if (checkServer !== undefined) given.push({ kind: 'server', text: checkServer });
  if (given.length > 1)
    throw new InputError('campaign: give one of --check, --check-command and --check-server, not more');
  return given[0];
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('It must be a whole number from 1.');
  }
  return number;
}

function jobCount(value: string): number {
  const jobs = wholeNumber(value);
  if (jobs > 256) throw new InvalidArgumentError('It must be 256 at most.');
  return jobs;
}

function seedOf(value: string): bigint {
  const seed = /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value) ? BigInt(value) : -1n;
  if (seed < 0n || seed >= 1n << 64n)
    throw new InvalidArgumentError('It must be a number of 64 bits, such as 0x2a.');
  return seed;
}

function shardOf(value: string): Shard {
  const [, part, count] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(value) ?? [];
  const shard = { index: Number(part) - 1, count: Number(count) };
  if (!(shard.index < shard.count))
    throw new InvalidArgumentError('It must be i/n, with i from 1 to n, such as 1/4.');
  return shard;
}

function baseOf(value: string): readonly [string, string] {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1)
    throw new InvalidArgumentError('It must be FILE=IMAGE, such as pool=before.img.');
  return [value.slice(0, at), value.slice(at + 1)];
}
