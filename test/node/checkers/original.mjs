// The checker of the store logs, for checkers that do something else, too.

// biome-ignore lint/correctness/useImportExtensions: its declarations lie beside it, and are taken for its source
export { default } from '../../../fixtures/pmem/check.mjs';
