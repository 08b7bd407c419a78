import { createHash } from 'node:crypto';
import { html, Markup } from './html.ts';

export interface Page {
  readonly title: string;
  /** Constants of the page itself: they go into it as they are. */
  readonly style: string;
  readonly script: string;
  readonly body: Markup;
}

/** A page that needs nothing else and is allowed to load nothing. */
export const framed = ({ title, style, script, body }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${body}
</main>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;

/** Nothing may be loaded or sent; the page's own style and script are known by their digests. */
const policyOf = (style: string, script: string): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
