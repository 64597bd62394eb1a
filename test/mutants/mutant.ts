interface Change {
  /** Text that stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A fault planted in the product, and the suite that has to notice it. */
export interface Mutant extends Change {
  readonly name: string;
  readonly file: string;
  /** A second change of the same file, where two defences stand behind each other. */
  readonly also?: Change;
  readonly suite: string;
}

/** The file's text with the fault; throws when the text to change is not there exactly once. */
export function mutated(text: string, { name, file, from, to, also }: Mutant): string {
  return [{ from, to }, ...(also ? [also] : [])].reduce((changed, change) => {
    const parts = changed.split(change.from);
    if (parts.length !== 2) throw new Error(`${name}: ${file} holds the text ${parts.length - 1} times: ${change.from}`);
    return parts.join(change.to);
  }, text);
}
