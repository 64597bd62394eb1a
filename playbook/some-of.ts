/** The first few of many, for a sentence: `a, b, c and 4 more`. */
export function someOf(names: readonly string[], most = 4): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Names in a row, the last after `word`, and how many more: `CrowdStrike or Trellix`. */
export function joinedBy(word: 'and' | 'or', names: readonly string[], most = 4): string {
  if (names.length > most) return someOf(names, most);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** `1 server`, `3 servers`. */
export function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
