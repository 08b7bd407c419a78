import { visible } from './visible.ts';

/** HTML that is safe to put into a page as it is: made by `html` alone. */
export class Markup {
  /** Nothing outside this file makes markup of a text, but for constants of the page itself. */
  constructor(readonly text: string) {}
}

export type Fragment = Markup | string | number | null | undefined | false | readonly Fragment[];

/**
 * HTML from a template. Every value is escaped, as text and as a quoted attribute alike; characters that nobody can see
 * are spelled out; lists are joined; null, undefined and false are nothing. Attribute values must stand in double quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  let text = strings[0];
  values.forEach((value, i) => {
    text += render(value) + strings[i + 1];
  });
  return new Markup(text);
}

function render(value: Fragment): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined || value === false) return '';
  return value.map(render).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => visible(text).replace(/[&<>"']/g, (one) => ENTITIES[one]);

/** JSON for a data block of the page: no text in it can end the block. */
export const jsonForPage = (value: unknown): Markup =>
  new Markup(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
