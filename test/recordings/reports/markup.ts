import { expect } from 'vitest';

const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*)\s*(\/?)>/y;
const SPECIAL = /[<>&]/g;
const REFERENCE = /&(?:amp|lt|gt|quot|#39|#9|#10);/y;

export interface Element {
  readonly name: string;
  readonly attributes: readonly string[];
}

/**
 * The elements of a text that is markup by the strictest reading: each `<` begins a tag with quoted attributes, each `&` a
 * known reference. Fails for anything else, and for tags that do not nest. `isVoid` names elements that have no end.
 */
export function elementsOf(text: string, isVoid: (name: string) => boolean = () => false): Element[] {
  const found: Element[] = [];
  const open: string[] = [];
  for (let at = /[<>&]/.exec(text)?.index ?? -1; at >= 0 && at < text.length; ) {
    const one = text[at];
    if (one === '&') {
      REFERENCE.lastIndex = at;
      if (!REFERENCE.test(text))
        throw new Error(`a stray & in …${text.slice(Math.max(0, at - 40), at + 30)}`);
    } else if (one === '<') {
      TAG.lastIndex = at;
      const tag = TAG.exec(text);
      if (tag === null) throw new Error(`a stray < in …${text.slice(Math.max(0, at - 40), at + 60)}`);
      const [whole, end, name, attributes, selfClosing] = tag;
      for (const reference of attributes.matchAll(/&(?!(?:amp|lt|gt|quot|#39|#9|#10);)/g)) {
        throw new Error(`a stray & in the attributes${attributes} at ${reference.index}`);
      }
      if (end === '/') expect(open.pop()).toBe(name);
      else {
        const names = [...attributes.matchAll(/([a-zA-Z][\w:-]*)(?:="[^"]*")?/g)].map(([, key]) => key);
        found.push({ name, attributes: names });
        if (selfClosing === '' && !isVoid(name)) open.push(name);
      }
      at += whole.length - 1;
    } else throw new Error(`a stray > in …${text.slice(Math.max(0, at - 40), at + 20)}`);
    SPECIAL.lastIndex = at + 1;
    at = SPECIAL.exec(text)?.index ?? -1;
  }
  expect(open).toEqual([]);
  return found;
}

/** A page without what stands in its style and scripts, and without its document type. */
export const skeletonOf = (page: string): string =>
  page
    .replace(/^<!doctype html>/, '')
    .replace(/(<style>)[\s\S]*?(<\/style>)/g, '$1$2')
    .replace(/(<script[^>]*>)[\s\S]*?(<\/script>)/g, '$1$2');

export const isVoidElement = (name: string): boolean => ['meta', 'br'].includes(name);
