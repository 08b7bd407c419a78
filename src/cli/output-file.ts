import { InputError } from '../kernel/errors.ts';
import { newFile } from '../node/new-file.ts';
import { onInterrupt } from './interrupts.ts';

/** Has a file written whole or not at all, also when the process is interrupted. */
export async function writeWhole<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const file = newFile(path);
  const settled = onInterrupt(() => file.drop());
  try {
    const result = await write(file.path);
    file.keep();
    return result;
  } catch (error) {
    file.drop();
    throw error instanceof InputError ? new InputError(error.message.replaceAll(file.path, path)) : error;
  } finally {
    settled();
  }
}
