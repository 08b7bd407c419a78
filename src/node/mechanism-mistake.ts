/** A mechanism whose reducer is mistaken: the message names event index and reducer. */
export class MechanismMistake extends Error {
  override name = 'MechanismMistake';
  constructor(
    message: string,
    readonly isNondeterminism: boolean,
  ) {
    super(message);
  }
}
