/** An event that the recording has and that is not possible where it stands: the machine is not the one that was recorded. */
export class ImpossibleRecording extends Error {
  override name = 'ImpossibleRecording';
}
