/** Thrown when an answer is known to lack something: never fewer rows than there are, passed off as all. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';
}
