import { open, rename, rm } from 'node:fs/promises';

const CHUNK_CHARACTERS = 1 << 20;

/** Writes a file under a temporary name beside it and then renames it, so that nobody ever finds half of it. */
export async function replaceFile(path: string, parts: Iterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w');
  try {
    try {
      let chunk = '';
      for (const part of parts) {
        chunk += part;
        if (chunk.length < CHUNK_CHARACTERS) continue;
        await file.appendFile(chunk);
        chunk = '';
      }
      await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
