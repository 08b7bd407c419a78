import type { Limits } from '../explore/limits.ts';
import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import { memoryModel } from '../hardware/persistent-memory/memory.ts';
import type { CampaignSpec, CheckerSpec, ProgramRun } from './campaign-spec.ts';
import { fileDigest, textDigest } from './file-digest.ts';
import { programDigest } from './program-digest.ts';

/**
 * What makes a campaign the same campaign: results of one may be put together. The shard is not part of it, nor is what a
 * checker module imports.
 */
export interface CampaignIdentity {
  readonly modelVersion: number;
  readonly fault: 'power-loss';
  readonly log: { readonly path: string; readonly sha256: string };
  /** Of a campaign on a program; its digest is that of the log. */
  readonly program?: ProgramRun;
  readonly base: readonly { readonly file: string; readonly path: string; readonly sha256: string }[];
  readonly checker: (CheckerSpec & { readonly sha256: string }) | null;
  readonly configuration: MachineConfiguration;
  readonly limits: Limits;
  /** 64 bits, as a `0x` string. */
  readonly seed: string;
}

/** Digests all that a campaign depends on. Throws `InputError` for a file that cannot be read. */
export function identityOf(spec: CampaignSpec, configuration: MachineConfiguration): CampaignIdentity {
  const { log, program, base, checker, limits, seed } = spec;
  return {
    modelVersion: memoryModel.version,
    fault: 'power-loss',
    log: { path: log, sha256: program === undefined ? fileDigest(log) : programDigest(program.request) },
    ...(program && { program }),
    base: base.map(([file, path]) => ({ file, path, sha256: fileDigest(path) })),
    checker: checker === undefined ? null : { ...checker, sha256: checkerDigest(checker) },
    configuration,
    limits,
    seed: `0x${seed.toString(16)}`,
  };
}

/** Digest of all that a checker’s verdicts depend on, as far as it is known. Throws `InputError` for a file that cannot be read. */
export function checkerDigest(checker: CheckerSpec): string {
  switch (checker.kind) {
    case 'module':
      return fileDigest(checker.path);
    case 'recovery': {
      const { program, module, ...rest } = checker;
      const digests = [programDigest(program), module === null ? null : fileDigest(module)];
      return textDigest(JSON.stringify([...digests, rest]));
    }
    default:
      return textDigest(checker.text);
  }
}

/** What differs between two campaigns, in words; undefined when they are the same. Where a file lies does not matter. */
export function difference(one: CampaignIdentity, other: CampaignIdentity): string | undefined {
  if (one.modelVersion !== other.modelVersion) return 'the version of the machine model differs';
  if (one.log.sha256 !== other.log.sha256)
    return one.program && other.program ? 'the program differs, or what it is given' : 'the log differs';
  if (!same(one.base.map(contents), other.base.map(contents))) return 'the base images differ';
  if (one.checker?.kind !== other.checker?.kind || one.checker?.sha256 !== other.checker?.sha256)
    return 'the checker differs';
  if (one.configuration.platform !== other.configuration.platform) return 'the platform differs';
  if (!same(sorted(one.configuration), sorted(other.configuration)))
    return 'the machine configuration differs';
  if (!same(sorted(one.limits), sorted(other.limits))) return 'the limits differ';
  if (one.seed !== other.seed) return 'the seed differs';
  return undefined;
}

const contents = ({ file, sha256 }: CampaignIdentity['base'][number]): string[] => [file, sha256];
const sorted = (record: object): [string, unknown][] =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
