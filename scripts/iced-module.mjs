// How the bundler sees iced-x86: a CommonJS package with a WebAssembly file beside it.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepared } from './prepared-wasm.mjs';
import { ROOT } from './setup.mjs';

const ICED = 'iced-x86';
const WASM = 'iced_x86_bg.wasm';
const REQUIRED_ICED = `\0${ICED}`;

/**
 * Leaves it a package of its own, but requires it: for an import of a CommonJS package Node searches its text for names,
 * which for the megabyte of this one takes longer than to execute it.
 */
export const requireIced = {
  name: 'require-iced',
  /** @param {string} id */
  resolveId: (id) => (id === ICED ? REQUIRED_ICED : undefined),
  /** @param {string} id */
  load: (id) =>
    id === REQUIRED_ICED
      ? `import { createRequire } from 'node:module';
         export const { ${namesOf(ICED)} } = createRequire(import.meta.url)('${ICED}');`
      : undefined,
};

/** @param {string} name of a CommonJS package */
const namesOf = (name) =>
  Object.keys(createRequire(import.meta.url)(name))
    .filter((one) => /^[A-Za-z]/.test(one))
    .join(', ');

/**
 * What wasm-bindgen writes for Node, and the same as an ES module, of which the bundler leaves out what nobody needs.
 *
 * @type {[RegExp, string][]}
 */
const AS_MODULE = [
  // Names of five thousand encodings, made when the first one is asked for.
  [
    /^module\.exports\.Code = (Object\.freeze\(.*\));/m,
    'let codes;\nconst makeCodes = () => $1;\nexport const Code = new Proxy({}, { get: (_, name) => (codes ??= makeCodes())[name] });',
  ],
  [/^module\.exports\.([A-Z]\w*) = Object\.freeze\(/gm, 'export const $1 = /*#__PURE__*/ Object.freeze('],
  [/^module\.exports\.([A-Z]\w*) = \1;/gm, 'export { $1 };'],
  [/= module\.exports;/, '= {};'],
  [/^module\.exports\.(__wb\w+) = /gm, "imports['__wbindgen_placeholder__'].$1 = "],
  [/^module\.exports\.getIcedFeatures = /m, 'export const getIcedFeatures = '],
  [/^module\.exports\.__wasm = wasm;/m, ''],
  [/require\(`util`\)/, "require('node:util')"],
];

/** A method or property of a class, as wasm-bindgen writes it, with what is said of it. */
const MEMBER =
  /(?:^ {4}\/\*\*\n(?: {4}\*.*\n)* {4}\*\/\n)?^ {4}(?:static )?(?:[gs]et )?(\w+)\([^)]*\) \{\n(?:.*\n)*? {4}\}\n/gm;

/** Every word in the sources that import the package. */
function wordsOfUsers() {
  const folder = join(ROOT, 'src');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.includes(`'${ICED}'`));
  return new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
}

/** What a class needs itself. */
const OWN_MEMBERS = new Set(['constructor', 'free', '__wrap', '__destroy_into_raw']);

/** The memory of its WebAssembly when it has made its tables, as it does for the first decoder. */
function memoryInUse() {
  const { Decoder, __wasm } = createRequire(import.meta.url)(ICED);
  new Decoder(64, Uint8Array.of(0x90), 0).free();
  return new Uint8Array(__wasm.memory.buffer);
}

/** Takes in what is needed of it, and of its WebAssembly, each export of which costs time when it is instantiated. */
export const shakenIced = {
  name: 'shaken-iced',
  /**
   * @this {import('rolldown').PluginContext}
   * @param {string} code
   * @param {string} id
   */
  transform(code, id) {
    if (!/iced_x86\.js$/.test(id)) return undefined;
    const words = wordsOfUsers();
    let text = code.replace(MEMBER, (member, name) =>
      OWN_MEMBERS.has(name) || words.has(name) ? member : '',
    );
    for (const [from, to] of AS_MODULE) {
      if (!new RegExp(from).test(text))
        throw new Error(`${id}: nothing looks like ${from}; see ${import.meta.url}`);
      text = text.replaceAll(new RegExp(from, 'gm'), to);
    }
    if (text.includes('module.exports'))
      throw new Error(`${id}: still has module.exports; see ${import.meta.url}`);
    const used = new Set(Array.from(text.matchAll(/\bwasm\.(\w+)/g), ([, name]) => name));
    const whole = readFileSync(id.replace(/iced_x86\.js$/, WASM));
    this.emitFile({
      type: 'asset',
      fileName: `joined/${WASM}`,
      source: prepared(whole, used, memoryInUse()),
    });
    return text;
  },
};
