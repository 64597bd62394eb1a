const MOST = 10;
const LONGEST = 300;

/**
 * The reasons in the beginning of a machine configuration report, which is JSON that may be cut anywhere: whole phrases only, the first
 * ten different ones.
 */
export function phrasesIn(report: string): readonly string[] {
  const phrases = new Set<string>();
  for (const [, quoted = '""'] of report.matchAll(/"phrase"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
    const phrase = unquoted(quoted).replaceAll(/\s+/g, ' ').trim();
    if (phrase !== '') phrases.add(phrase.slice(0, LONGEST));
    if (phrases.size === MOST) break;
  }
  return [...phrases];
}

function unquoted(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return '';
  }
}
