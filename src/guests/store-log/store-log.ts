/**
 * Store logs: what a program did to its persistent memory, as pmemcheck (a Valgrind tool) writes it down with
 * `--log-stores=yes`, and as PMDK's pmreorder reads it.
 */
export { exportStoreLog, StoreLogExport, type StoreLogLoss } from './export.ts';
export { importStoreLog, StoreLogImport, type StoreLogOptions } from './import.ts';
export { type StoreLogSummary, tellSummary } from './summary.ts';
