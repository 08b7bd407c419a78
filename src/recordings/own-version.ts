import { readFileSync } from 'node:fs';

/** The version of this package. The build keeps the depth of this module below package.json. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
