/** Signals of Linux on x86-64, by number. */
const NAMES = (
  ' SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM ' +
  'SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO ' +
  'SIGPWR SIGSYS'
).split(' ');

export const SIGNALS_MAX = 64;

export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGSEGV = 11;
export const SIGPIPE = 13;
export const SIGALRM = 14;
const SIGCHLD = 17;
const SIGCONT = 18;
export const SIGSTOP = 19;
const SIGURG = 23;
export const SIGVTALRM = 26;
export const SIGPROF = 27;
const SIGWINCH = 28;
/** The first of those that are queued. */
export const SIGRTMIN = 32;

export const signalName = (signal: number): string => NAMES[signal] ?? `SIGRT${signal}`;

/** Whether the default action is to do nothing. Nobody waits for a process that is stopped, so that these do nothing either. */
export const isIgnoredByDefault = (signal: number): boolean =>
  signal === SIGCHLD || signal === SIGURG || signal === SIGWINCH || (signal >= SIGCONT && signal <= 22);
