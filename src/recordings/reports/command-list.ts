import type { Command } from './commands.ts';
import { html, type Markup } from './html.ts';

/** Commands with what they are for, each with a button that copies it. */
export const commandList = (commands: readonly Command[]): Markup => html`<dl class="commands">
${commands.map(
  ({ purpose, text }) => html`<dt>${purpose}</dt>
<dd><code tabindex="0">${text}</code>
<button type="button" class="scripted copy" hidden aria-label="Copy the command: ${purpose}">Copy</button></dd>
`,
)}</dl>`;
