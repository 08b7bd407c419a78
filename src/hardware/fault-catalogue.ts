/** What befalls machines, by number, as in the mechanism sheets, section 1.7. */
export type FaultNumber = keyof typeof faultCatalogue;

interface Fault {
  readonly name: string;
  readonly meaning: string;
}

/** The faults that a machine may have to survive. Which of its events each one is, a mechanism says by itself. */
export const faultCatalogue = {
  F1: {
    name: 'power loss',
    meaning:
      'What lies outside the persistence domain is gone, but for what was written back unasked before.',
  },
  F2: { name: 'host fail-stop', meaning: 'A host stops at once and its memory is lost.' },
  F3: {
    name: 'panic',
    meaning: 'The hypervisor or operating system of a host stops; its memory and devices are as they were.',
  },
  F4: {
    name: 'transient error',
    meaning: 'A guest or a processor computed something wrong, and an earlier state is wanted back.',
  },
  F5: { name: 'link cut', meaning: 'A link carries nothing more, and what was on it may be lost.' },
  F6: {
    name: 'link disorder',
    meaning: 'A message comes late, twice, only in part, or not at all, on a link that works.',
  },
  F7: { name: 'NIC reset', meaning: 'A network adapter is reset or lost, and the packets in it with it.' },
  F8: { name: 'disk error', meaning: 'A disk, or the path to it, answers with an error or not at all.' },
  F9: {
    name: 'torn write',
    meaning: 'The last write to a word, line or sector reaches its medium only in part.',
  },
  F10: { name: 'memory error', meaning: 'Memory returns an error instead of its contents.' },
  F11: { name: 'bit flip', meaning: 'A record of a log or journal is read back other than it was written.' },
  F12: { name: 'weak battery', meaning: 'A battery lasts shorter than its rating promises.' },
  F13: {
    name: 'ADR failure',
    meaning:
      'Power is lost and the write pending queues with it, although the platform promises to save them.',
  },
  F14: {
    name: 'forced eviction',
    meaning: 'A line is written back whole, unasked, or handed to another cache.',
  },
  F15: { name: 'interrupt', meaning: 'An interrupt or exception comes between two steps of one operation.' },
  F16: {
    name: 'late TLB answer',
    meaning: 'A processor goes on with an old translation for a while after it was told to drop it.',
  },
  F17: { name: 'device write', meaning: 'A device writes memory that no processor asked it to write then.' },
  F18: { name: 'exhaustion', meaning: 'A log, buffer or ring is full when something has to go in.' },
  F19: { name: 'second fault', meaning: 'Another fault comes while the first one is recovered from.' },
  F20: { name: 'false detection', meaning: 'A host is taken for failed and is not.' },
  F21: { name: 'migration', meaning: 'A guest moves to another host in the middle of an operation.' },
  F22: {
    name: 'zombie I/O',
    meaning: 'What a host issued before it failed takes effect after it, as long as the host is not fenced.',
  },
} as const satisfies Readonly<Record<`F${number}`, Fault>>;
