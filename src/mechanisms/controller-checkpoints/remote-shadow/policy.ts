import type { Choice } from '../../mechanism.ts';

/** What the sheet leaves open for a shadow in a second computer. */
export const remoteShadowPolicy: Readonly<Record<string, Choice>> = {
  resend: {
    meaning: 'What is sent again when a post-image is missing: all from it on, or it alone.',
    choices: ['go-back', 'selective'],
    default: 'go-back',
  },
  fetch: {
    meaning: 'What rollback of a live primary fetches from the backup: the blocks that it modified, or all.',
    choices: ['modified', 'all'],
    default: 'modified',
  },
  linkDown: {
    meaning:
      'A checkpoint that finds the link cut waits until it is mended, or is skipped while there is room.',
    choices: ['wait', 'skip'],
    default: 'wait',
  },
};
