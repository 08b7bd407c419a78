import type { RecordingTarget } from '../recordings/recordings.ts';
import type { Io } from './session.ts';

/** Where `-o` says that a recording goes. Standard output is told by its name, so that it stands in messages. */
export const recordingTarget = ({ stdout }: Io, output: string): RecordingTarget =>
  output !== '-' || stdout === process.stdout ? output : stdout;

/** What is said of an output. */
export const outputName = (output: string): string => (output === '-' ? 'standard output' : output);
