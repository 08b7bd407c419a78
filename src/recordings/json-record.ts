import type { JsonRecord } from './recording-type.ts';

/** Deeper values are refused. */
export const NESTING_MAX = 64;
const HOSTILE = new Set(['__proto__', 'constructor', 'prototype']);

/** A JSON object of reasonable depth without keys that could reach into prototypes. */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && isTame(value, NESTING_MAX);

function isTame(value: unknown, nesting: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (nesting === 0) return false;
  return Object.entries(value).every(([key, inner]) => !HOSTILE.has(key) && isTame(inner, nesting - 1));
}
