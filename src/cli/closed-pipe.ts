/** Whether the reader of an output went away. */
export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'EPIPE') || error.message.includes('(EPIPE)'));
