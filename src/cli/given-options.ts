import type { Command } from 'commander';

/** Those of these options that stand on the command line, as they are spelled there. */
export const givenOptions = (command: Command, names: readonly string[]): string[] =>
  command.options.flatMap((option) => {
    const name = option.attributeName();
    return names.includes(name) && command.getOptionValueSource(name) === 'cli' ? [option.long ?? name] : [];
  });
