import { visible } from './visible.ts';

/** What XML 1.0 has no way to hold, or what hides in a reader, spelled out; markup escaped; for text and attributes. */
export const escapeXml = (text: string): string =>
  visible(text).replace(/[&<>"'\n\t]/g, (one) => ENTITIES[one] ?? one);

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** An element with escaped attributes; `content` is XML already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content?: string,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return content === undefined
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${content}</${name}>`;
}
