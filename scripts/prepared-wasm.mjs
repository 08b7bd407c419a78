// Changes WebAssembly modules. Source: WebAssembly Core Specification 2.0, section 5.5.

const MEMORY_SECTION = 5;
const EXPORT_SECTION = 7;
const DATA_SECTION = 11;
const HEADER_BYTES = 8;
const PAGE_BYTES = 65536;

/**
 * A module that exports only these, as it is when its memory has become this one: what it has prepared, it need not prepare
 * again. Its globals have to be as they were.
 *
 * @param {Uint8Array} module one with a memory of its own, without a maximum
 * @param {ReadonlySet<string>} exported
 * @param {Uint8Array} memory
 */
export function prepared(module, exported, memory) {
  const parts = [module.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < module.length; ) {
    const size = unsigned(module, at + 1);
    const end = size.end + size.value;
    const kind = module[at];
    if (kind === EXPORT_SECTION) parts.push(exportSection(module.subarray(size.end, end), exported));
    else if (kind === MEMORY_SECTION) parts.push(memorySection(memory.length / PAGE_BYTES));
    else if (kind === DATA_SECTION) parts.push(dataSection(memory));
    else parts.push(module.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** @param {number} pages */
const memorySection = (pages) => section(MEMORY_SECTION, [Buffer.of(1, 0), encoded(pages)]);

/**
 * @param {number} kind
 * @param {Uint8Array[]} contents
 */
function section(kind, contents) {
  const whole = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(kind), encoded(whole.length), whole]);
}

/** How many zeros are worth a segment of their own. */
const GAP_BYTES = 64;

/** @param {Uint8Array} memory */
function dataSection(memory) {
  const segments = [];
  for (let start = 0; ; ) {
    while (start < memory.length && memory[start] === 0) start++;
    if (start === memory.length) break;
    let end = start + 1;
    for (let at = end; at < memory.length && at < end + GAP_BYTES; at++) if (memory[at] !== 0) end = at + 1;
    // Active, in memory 0: i32.const, the offset, end.
    segments.push(
      Buffer.concat([
        Buffer.of(0, 0x41),
        encodedSigned(start),
        Buffer.of(0x0b),
        encoded(end - start),
        memory.subarray(start, end),
      ]),
    );
    start = end;
  }
  return section(DATA_SECTION, [encoded(segments.length), ...segments]);
}

/**
 * @param {Uint8Array} contents
 * @param {ReadonlySet<string>} names
 */
function exportSection(contents, names) {
  const count = unsigned(contents, 0);
  const kept = [];
  for (let at = count.end, left = count.value; left > 0; left--) {
    const length = unsigned(contents, at);
    const nameEnd = length.end + length.value;
    const { end } = unsigned(contents, nameEnd + 1); // behind the kind: the index
    const name = new TextDecoder().decode(contents.subarray(length.end, nameEnd));
    if (names.has(name)) kept.push(contents.subarray(at, end));
    at = end;
  }
  return section(EXPORT_SECTION, [encoded(kept.length), ...kept]);
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

/** @param {number} value a small signed number that is not negative */
function encodedSigned(value) {
  const bytes = encoded(value);
  const last = bytes[bytes.length - 1];
  if (last < 0x40) return bytes;
  // Else its highest bit would be a sign.
  return Buffer.concat([bytes.subarray(0, -1), Buffer.of(last | 0x80, 0)]);
}
