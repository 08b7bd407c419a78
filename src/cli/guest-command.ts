/** A command line, cut where a program of the guest’s begins. */
export interface CutCommandLine {
  readonly own: readonly string[];
  /** The program and its arguments; undefined without `--`. */
  readonly guest: readonly string[] | undefined;
}

/** Cuts a command line at its first `--`: what follows belongs to a program that is run as a guest, whatever it looks like. */
export function cutCommandLine(argv: readonly string[]): CutCommandLine {
  const at = argv.indexOf('--');
  return at < 0 ? { own: argv, guest: undefined } : { own: argv.slice(0, at), guest: argv.slice(at + 1) };
}
