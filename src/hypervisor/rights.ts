import { field } from '../kernel/event-table.ts';

/** What a table entry, or a translation, allows. */
export interface Rights {
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

export const ACCESSES = ['read', 'write', 'execute'] as const;
/** What a core does with a page. */
export type Access = (typeof ACCESSES)[number];

const RIGHT = { read: 'readable', write: 'writable', execute: 'executable' } as const;

export const permits = (rights: Rights, access: Access): boolean => rights[RIGHT[access]];

/** What both allow. */
export const commonRights = (one: Rights, other: Rights): Rights => ({
  readable: one.readable && other.readable,
  writable: one.writable && other.writable,
  executable: one.executable && other.executable,
});

/** Whether `one` allows no more than `other`. */
export const isWithin = (one: Rights, other: Rights): boolean =>
  ACCESSES.every((access) => !permits(one, access) || permits(other, access));

/** The fields of events that say what is allowed. */
export const rightFields = {
  readable: field.flag('loads are allowed'),
  writable: field.flag('stores are allowed'),
  executable: field.flag('instructions may be fetched'),
};

/** Rights as events carry them: a right that is missing is not given. */
export type RightFlags = { readonly [K in keyof Rights]?: true };

export const rightsOf = ({ readable, writable, executable }: RightFlags): Rights => ({
  readable: readable === true,
  writable: writable === true,
  executable: executable === true,
});

export const flagsOf = ({ readable, writable, executable }: Rights): RightFlags => ({
  ...(readable && { readable }),
  ...(writable && { writable }),
  ...(executable && { executable }),
});
