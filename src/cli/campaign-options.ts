import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultLimits, limitsOf, type Shard, wholeShard } from '../explore/limits.ts';
import { PLATFORMS, type Platform } from '../hardware/persistent-memory/configuration.ts';
import { InputError } from '../kernel/errors.ts';
import type { CampaignSpec, CheckerSpec } from '../node/campaign-spec.ts';
import { commandWords } from '../node/command-words.ts';
import type { StandardInput } from '../node/standard-input.ts';
import { expectWritable } from '../recordings/make-directory.ts';
import { addGuestOptions, GUEST_OPTIONS, type GuestOptions, requestOf } from './guest-options.ts';
import { collectBase, parseCount, parsePlatform, parseSeed } from './values.ts';

/** Directory for witnesses, unless another one is named. */
const OUTPUT_DIRECTORY = 'tearline-out';

const JOBS_MAX = 256;

/** Options that only campaigns over a run have, and those that only campaigns over mechanisms have. */
export const LOG_OPTIONS: readonly string[] = [
  'fault',
  'platform',
  'check',
  'checkCommand',
  'checkServer',
  'base',
  'seed',
  'shard',
  'results',
  'limitImagesPerPoint',
  'limitImagesPerIncompletePoint',
  'limitImages',
  'checkerTimeoutMs',
];
/** Options that only campaigns on a program have. */
export const PROGRAM_OPTIONS: readonly string[] = [
  ...GUEST_OPTIONS,
  'recover',
  'recoverStdin',
  'nested',
  'expectOutput',
  'equivalent',
];
/** Of the options of campaigns over a log, those that a program does without. */
export const NOT_OF_PROGRAMS: readonly string[] = ['base', 'checkCommand', 'checkServer'];
export const MECHANISM_OPTIONS: readonly string[] = ['all', 'scenario', 'mutant', 'mutants', 'faultsMax'];

/** The options of every command that writes a report, as commander gives them. */
export interface ReportOptions {
  readonly report?: string;
  readonly witnesses?: string | false;
  readonly json?: true;
  readonly quiet?: true;
}

/** The options of `campaign` as commander gives them. */
export interface CampaignOptions extends ReportOptions, GuestOptions {
  readonly recover?: string;
  readonly recoverStdin?: string;
  readonly nested: number;
  readonly expectOutput?: string;
  readonly equivalent?: true;
  readonly platform?: Platform;
  readonly check?: string;
  readonly checkCommand?: string;
  readonly checkServer?: string;
  readonly base: ReadonlyMap<string, string>;
  readonly jobs: number;
  readonly seed: bigint;
  readonly shard: Shard;
  readonly results?: string;
  readonly limitImagesPerPoint: number;
  readonly limitImagesPerIncompletePoint: number;
  readonly limitImages: number;
  readonly checkerTimeoutMs: number;
  readonly all?: true;
  readonly scenario?: string;
  readonly mutant?: string;
  readonly mutants?: true;
  readonly faultsMax?: number;
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
    new Option(`${flags} <n>`, what).argParser(parseCount(1, Number.MAX_SAFE_INTEGER)).default(value);
  command
    .addOption(
      new Option('--fault <fault>', 'what befalls the machine').choices(['power-loss']).default('power-loss'),
    )
    .addOption(
      new Option(
        '--platform <platform>',
        `what survives, one of ${PLATFORMS.join(', ')} (default: P1, or what a recording says)`,
      ).argParser(parsePlatform),
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
        .argParser(collectBase)
        .default(new Map(), 'zeros'),
    )
    .addOption(
      new Option('--jobs <n>', 'worker threads')
        .argParser(parseCount(1, JOBS_MAX))
        .default(availableParallelism()),
    )
    .addOption(new Option('--seed <number>', 'of samples, 64 bits').argParser(parseSeed).default(0n, '0x0'))
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
  return addReportOptions(addMechanismOptions(addProgramOptions(command)));
}

const NESTED_MAX = 4;

/** Options of campaigns on programs. */
const addProgramOptions = (command: Command): Command =>
  addGuestOptions(command)
    .option('--recover <command>', 'of a program: what recovers its files after a crash (default: itself)')
    .option(
      '--recover-stdin <file>',
      'of a program: what its recovery reads as standard input; - takes that of tearline (default: as --stdin)',
    )
    .addOption(
      new Option('--nested <n>', 'of a program: crash its recovery again, so many times over')
        .argParser(parseCount(0, NESTED_MAX))
        .default(0),
    )
    .option(
      '--expect-output <pattern>',
      'of a program: regular expression that the output of recovery matches',
    )
    .option(
      '--equivalent',
      'of a program: recovery says what it says without a crash, with the interrupted operation done or not',
    );

const FAULTS_MAX = 3;

/** Options of campaigns over mechanisms. */
const addMechanismOptions = (command: Command): Command =>
  command
    .option('--all', 'of mechanisms: every one that comes with tearline')
    .option('--scenario <name>', 'of a mechanism: only this scenario')
    .option('--mutant <name>', 'of a mechanism: switch this defect on and find it; status 1 when it is found')
    .option('--mutants', 'of mechanisms: hunt for every defect, too; status 1 when one is missed')
    .addOption(
      new Option('--faults-max <n>', 'of mechanisms: faults one after the other (default: 2)').argParser(
        parseCount(0, FAULTS_MAX),
      ),
    );

/** What a campaign is about. Throws `InputError` for options that do not go together. */
export function specOf(log: string, options: CampaignOptions): CampaignSpec {
  if (log === '-')
    throw new InputError('campaign: the log is read more than once, so it must be a file, not -');
  return { ...commonSpec(options), log, base: [...options.base], checker: checkerOf(options) };
}

/** What a campaign on a program is about. Throws `InputError` for a recovery or a pattern that cannot be used. */
export function programSpecOf(
  command: readonly string[],
  options: CampaignOptions,
  stdin: { readonly run: StandardInput | undefined; readonly recovery: StandardInput | undefined },
): CampaignSpec {
  const { budget: budgetInstructions, nested, recover, expectOutput, equivalent, check, seed } = options;
  const recovery = recover === undefined ? command : commandWords(recover, '--recover');
  return {
    ...commonSpec(options),
    log: command.join(' '),
    program: { request: requestOf(command, options, seed, stdin.run), budgetInstructions },
    base: [],
    checker: {
      kind: 'recovery',
      program: requestOf(recovery, options, seed, stdin.recovery),
      budgetInstructions,
      nested,
      expectOutput: expectOutput === undefined ? null : pattern(expectOutput),
      equivalent: equivalent === true,
      module: check ?? null,
    },
  };
}

const commonSpec = (
  options: CampaignOptions,
): Pick<CampaignSpec, 'configuration' | 'limits' | 'seed' | 'shard'> => ({
  configuration: options.platform === undefined ? {} : { platform: options.platform },
  limits: limitsOf({
    imagesPerPoint: options.limitImagesPerPoint,
    imagesPerIncompletePoint: options.limitImagesPerIncompletePoint,
    images: options.limitImages,
    checkerMs: options.checkerTimeoutMs,
  }),
  seed: options.seed,
  shard: options.shard,
});

function pattern(source: string): string {
  try {
    return new RegExp(source, 'm').source;
  } catch (error) {
    throw new InputError(`--expect-output: ${(error as Error).message}; write it as in JavaScript`);
  }
}

/** Where witnesses go; undefined: nowhere. */
export function witnessDirectoryOf({ witnesses, report }: ReportOptions): string | undefined {
  if (witnesses === false) return undefined;
  return witnesses ?? (report === undefined ? OUTPUT_DIRECTORY : `${report}/witnesses`);
}

/** Throws `InputError` when what the command finds could not be written, before it looks for it. */
export function expectOutputsWritable(options: ReportOptions): void {
  const witnesses = witnessDirectoryOf(options);
  for (const directory of [options.report, witnesses]) if (directory !== undefined) expectWritable(directory);
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

function shardOf(value: string): Shard {
  const [, part, count] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(value) ?? [];
  const shard = { index: Number(part) - 1, count: Number(count) };
  if (!(shard.index < shard.count))
    throw new InvalidArgumentError('It must be i/n, with i from 1 to n, such as 1/4.');
  return shard;
}
