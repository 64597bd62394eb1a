/** Values that are told by their shape, wherever they stand in a sentence. Each is taken out of the text before its words are looked at. */
export interface Said {
  /** As typed, upper case: `CHG0012345`. */
  readonly ticket?: string;
  /** The first day, `YYYY-MM-DD`. */
  readonly from?: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly to?: string;
  /** What stands behind “because” or “reason:”, as typed. */
  readonly reason?: string;
  /** Of “every 6 hours”. */
  readonly everyMinutes?: number;
  /** Of “for 14 days”. */
  readonly forDays?: number;
}

interface Shape {
  readonly pattern: RegExp;
  read(match: RegExpExecArray): Said;
}

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60 };

/** Linear patterns: no part of one can match the same text in two ways. */
const shapes: readonly Shape[] = [
  { pattern: /\s(?:because(?: of)?|reason:)\s+(\S.*)$/is, read: ([, reason = '']) => ({ reason: reason.trim() }) },
  {
    pattern: /\b(?:for |under |ticket )?((?:chg|chn|inc|req|ritm|task|sctask)-?\d{4,12})\b/i,
    read: ([, ticket = '']) => ({ ticket: ticket.toUpperCase() }),
  },
  {
    pattern: /\bevery (?:(\d{1,4}) ?)?(m|h|d|w)(?:in(?:ute)?s?|ours?|rs?|ays?|eeks?)?\b/i,
    read: ([, count = '1', unit = 'h']) => ({ everyMinutes: Number(count) * (MINUTES[unit.toLowerCase()] ?? 60) }),
  },
  {
    pattern: /\bfor (?:the next )?(\d{1,3}) ?(d|w)(?:ays?|eeks?)?\b/i,
    read: ([, count = '1', unit = 'd']) => ({ forDays: (Number(count) * (MINUTES[unit.toLowerCase()] ?? 1)) / (MINUTES['d'] ?? 1) }),
  },
  { pattern: /\b(?:since|from|between) (\d{4}-\d{2}-\d{2})\b/i, read: ([, from = '']) => ({ from }) },
  { pattern: /\b(?:until|till|to|by|and) (\d{4}-\d{2}-\d{2})\b/i, read: ([, to = '']) => ({ to }) },
];

/** Takes them out: what was said, and the text that is left. */
export function takeSaid(text: string): { readonly said: Said; readonly rest: string } {
  let said: Said = {};
  let rest = text;
  for (const shape of shapes) {
    const match = shape.pattern.exec(rest);
    if (!match) continue;
    said = { ...said, ...shape.read(match) };
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
  }
  return { said, rest };
}
