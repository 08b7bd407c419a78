/** Examples for the end of a help text. Each works as it stands from the root of the repository, one after the other. */
export const examples = (lines: readonly (readonly [command: string, what: string])[]): string =>
  `\nExamples:\n${lines.map(([command, what]) => `  # ${what}\n  $ ${command}`).join('\n')}`;
