import type { Choice } from '../mechanism.ts';

/** What the sheet leaves open, and its variants. */
export const logShippingPolicy: Readonly<Record<string, Choice>> = {
  order: {
    meaning: 'Which of the two copies of an operation becomes durable first; it is acknowledged after both.',
    choices: ['log-first', 'store-first'],
    default: 'log-first',
  },
  region: {
    meaning: 'What becomes of the log region when its host stops: it stays, or it was held by power alone.',
    choices: ['nonvolatile', 'battery-held'],
    default: 'nonvolatile',
  },
  drain: {
    meaning: 'What the drain ships: what is not acknowledged, or all that the region still holds.',
    choices: ['remaining-portion', 'whole-region'],
    default: 'remaining-portion',
  },
  apply: {
    meaning: 'When a destination applies: each transaction as it is complete, or all of them at the restart.',
    choices: ['continuously', 'at-restart'],
    default: 'continuously',
  },
  disorder: {
    meaning: 'What a destination does with an entry that arrives too early: keeps it, or asks for it again.',
    choices: ['keep', 'discard'],
    default: 'keep',
  },
  pacing: {
    meaning:
      'How the application is held back: at the bounds of ring and battery alone, or also between two thresholds, longer the closer it comes to the upper one.',
    choices: ['at-bounds', 'between-thresholds'],
    default: 'at-bounds',
  },
  withoutPrimary: {
    meaning:
      'What is done when the primary failed, or entries that no destination has are damaged: report it and restart from the longest prefix; report it only; wait for the repair of a primary whose region survives, and then restart.',
    choices: ['restart', 'report', 'wait'],
    default: 'restart',
  },
  withoutSeal: {
    meaning:
      'What is done when the battery did not last until a destination had a seal: report it; report it and restart from the longest prefix; wait for the repair of a primary whose region survives.',
    choices: ['report', 'restart', 'wait'],
    default: 'report',
  },
  suspected: {
    meaning:
      'What the application on a primary does that is taken for failed and is not: it stops when it is told to, or it does not hear of it and goes on until the fence.',
    choices: ['stops', 'goes-on'],
    default: 'stops',
  },
};
