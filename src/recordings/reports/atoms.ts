import type { GroupReport } from '../../explore/campaign-report.ts';

const ATOM_BYTES = 8;
const USUAL_LINE_BYTES = 64;

/** A cache line of a witness: what of it survives the crash, and what should have. */
export interface WitnessLine {
  readonly file: string;
  readonly fileOffset: number;
  readonly atoms: readonly {
    /** Stores to it that are durable beyond what was sure to be. */
    readonly durable: number;
    /** A store to it that had to be durable is lost. */
    readonly isLost: boolean;
  }[];
}

/** The lines that a witness is about: those of which something survives, and those of missing stores of the run, by address. */
export function witnessLines({ witness, inRecovery, stores = [] }: GroupReport): WitnessLine[] {
  const lineBytes = (witness.survivors[0]?.durable.length ?? 0) * ATOM_BYTES || USUAL_LINE_BYTES;
  const lines = new Map<
    string,
    { file: string; fileOffset: number; durable: readonly number[]; lost: Set<number> }
  >();
  const keyOf = (file: string, offset: number): string => `${offset} ${file}`;
  for (const { file, fileOffset, durable } of witness.survivors) {
    lines.set(keyOf(file, fileOffset), { file, fileOffset, durable, lost: new Set() });
  }
  for (const { role, file, fileOffset } of inRecovery ? [] : stores) {
    if (role !== 'missing') continue;
    const start = fileOffset - (fileOffset % lineBytes);
    const key = keyOf(file, start);
    const line = lines.get(key) ?? {
      file,
      fileOffset: start,
      durable: new Array<number>(lineBytes / ATOM_BYTES).fill(0),
      lost: new Set<number>(),
    };
    line.lost.add(Math.floor((fileOffset - start) / ATOM_BYTES));
    lines.set(key, line);
  }
  return [...lines.values()]
    .sort((one, other) =>
      one.file < other.file ? -1 : one.file > other.file ? 1 : one.fileOffset - other.fileOffset,
    )
    .map(({ file, fileOffset, durable, lost }) => ({
      file,
      fileOffset,
      atoms: durable.map((stores, atom) => ({ durable: stores, isLost: lost.has(atom) })),
    }));
}

/** `+0x08 durable (2 stores); +0x18 lost` */
export function describeAtoms({ atoms }: WitnessLine): string {
  const said = atoms.flatMap(({ durable, isLost }, atom) => {
    const at = `+0x${(atom * ATOM_BYTES).toString(16).padStart(2, '0')}`;
    const kept = durable > 0 ? [`durable${durable > 1 ? ` (${durable} stores)` : ''}`] : [];
    const state = [...kept, ...(isLost ? ['lost'] : [])].join(', then ');
    return state === '' ? [] : [`${at} ${state}`];
  });
  return said.join('; ') || 'as before';
}
