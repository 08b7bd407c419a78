// The export section of a WebAssembly module. Source: WebAssembly Core Specification 2.0, section 5.5.

const EXPORT_SECTION = 7;
const HEADER_BYTES = 8;

/**
 * A module that exports only these.
 *
 * @param {Uint8Array} module
 * @param {ReadonlySet<string>} names
 */
export function withExports(module, names) {
  const parts = [module.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < module.length; ) {
    const size = unsigned(module, at + 1);
    const end = size.end + size.value;
    parts.push(
      module[at] === EXPORT_SECTION
        ? exportSection(module.subarray(size.end, end), names)
        : module.subarray(at, end),
    );
    at = end;
  }
  return Buffer.concat(parts);
}

/**
 * @param {Uint8Array} section its contents
 * @param {ReadonlySet<string>} names
 */
function exportSection(section, names) {
  const count = unsigned(section, 0);
  const kept = [];
  for (let at = count.end, left = count.value; left > 0; left--) {
    const length = unsigned(section, at);
    const nameEnd = length.end + length.value;
    const { end } = unsigned(section, nameEnd + 1); // behind the kind: the index
    const name = new TextDecoder().decode(section.subarray(length.end, nameEnd));
    if (names.has(name)) kept.push(section.subarray(at, end));
    at = end;
  }
  const contents = Buffer.concat([encoded(kept.length), ...kept]);
  return Buffer.concat([Buffer.of(EXPORT_SECTION), encoded(contents.length), contents]);
}

/**
 * A number in LEB128.
 *
 * @param {Uint8Array} bytes
 * @param {number} start
 */
function unsigned(bytes, start) {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return { value, end: at + 1 };
  }
}

/** @param {number} value */
function encoded(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) return Buffer.from(bytes);
  }
}
