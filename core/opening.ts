/** What may stand before the words that a sentence is meant by. */
const LEAD_IN = /(?:@[^\s,;:!?]+|please|pls|plz|now|ok|okay|hey)(?![\p{L}\p{N}_-])[^\p{L}\p{N}@]*/iuy;
/** A dot ends a clause only where no name goes on after it. */
const CLAUSE_END = /[,;:!?\n–—]|\.(?=\s|$)|\s-\s/u;

/** The first clause of a sentence, without a mention, a “please” or a “now” before it. Linear in the length of the text. */
export function openingClause(text: string): string {
  const sentence = text.normalize('NFKC').trim();
  const lead = new RegExp(LEAD_IN);
  let from = 0;
  while (lead.test(sentence)) from = lead.lastIndex;
  return sentence.slice(from).split(CLAUSE_END, 1)[0] as string;
}
