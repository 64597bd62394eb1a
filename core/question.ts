import { openingClause } from './opening.ts';
import type { PhaseId } from './phase.ts';
import type { GapCondition } from './protection-gap.ts';
import type { Said } from './said.ts';
import { takeSaid } from './said.ts';

/** What was understood: names and values as the vocabulary has them; only what was said is present. */
export interface Arguments extends Said {
  readonly phase?: PhaseId;
  readonly step?: string;
  readonly action?: string;
  readonly ring?: string;
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly machine?: string;
  readonly run?: string;
  readonly condition?: GapCondition;
  readonly me?: true;
}

export interface Understood {
  readonly intent: string;
  readonly args: Arguments;
}

/** One thing people can ask. A row matches when one of its cues does; the longest matching cue wins. */
export interface Question {
  readonly intent: string;
  /** For the help card. */
  readonly title: string;
  /** Sentences people type; each must be understood as exactly this row. */
  readonly examples: readonly { readonly text: string; readonly args: Arguments }[];
  /** Words that must all be there, in any order. `$phase`, `$step`, `$action`, `$condition`, `$machine` stand for an argument that was found. */
  readonly cues: readonly string[];
  /**
   * Words that rule it out; `$asked` stands for a question mark, `$quoted` for quotation marks. A word that only names the action does not: the
   * “clear” of “clear passive mode” is none that takes another action back.
   */
  readonly unless?: readonly string[];
  /** A sentence that begins with one of `words` is this row's whatever else it says, unless its first clause holds one of `unless`. */
  readonly opens?: { readonly words: readonly string[]; readonly unless: readonly string[] };
  /** Arguments that the words may have matched in passing and that this row has no use for. */
  readonly drops?: readonly (keyof Arguments)[];
  /** Of the values told by their shape (a ticket, a reason, a date), those this row has a use for. */
  readonly takes?: readonly (keyof Said)[];
}

/** What the migration knows by name, so that a ring or a subscription is recognised. */
export interface Vocabulary {
  readonly phrases: readonly Phrase[];
  readonly rings: readonly string[];
  readonly subscriptions: Names;
  readonly resourceGroups: Names;
  readonly machines: Names;
}

/** Names as people wrote them, by their lower-case form. */
export type Names = ReadonlyMap<string, string>;

export function namesFrom(names: readonly string[]): Names {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}

/** Words that stand for an argument's value: `phase 1` → `phase: prepare`. */
export interface Phrase {
  readonly arg: 'phase' | 'step' | 'action' | 'condition';
  readonly value: string;
  readonly words: string;
}

/** Chat is data: anything longer is not read. Characters. */
export const MAX_QUESTION = 2_000;

/** Understands a sentence; `unclear` when no row matches. Deterministic and linear in the length of the text. */
export function understand(text: string, questions: readonly Question[], vocabulary: Vocabulary): Understood {
  const { said: shaped, rest: sentence } = takeSaid(text.slice(0, MAX_QUESTION));
  const { args: named, rest, beside } = extract(tokens(sentence), vocabulary);
  const args: Arguments = { ...named, ...shaped };
  const marks = Object.keys(args).map((key) => `$${key}`);
  if (text.includes('?')) marks.push('$asked');
  if (/["“”„«»]/.test(text)) marks.push('$quoted');
  const asked = questions.flatMap(({ cues, unless = [] }) => [...cues.flatMap((cue) => cue.split(' ')), ...unless]);
  // “phase” is no slip of the finger for the mark of a phase that was named.
  const known = new Set(asked.filter((word) => !word.startsWith('$')));
  const setOf = (words: readonly string[]) => new Set([...words.map((word) => nearest(word, known)), ...marks]);
  const question = openedBy(text.slice(0, MAX_QUESTION), questions) ?? bestCued(setOf(rest), setOf(beside), questions);
  if (!question) return { intent: 'unclear', args };
  const { intent, drops = [], takes = [] } = question;
  const useless = new Set<string>([...drops, ...Object.keys(shaped).filter((name) => !takes.includes(name as keyof Said))]);
  return { intent, args: Object.fromEntries(Object.entries(args).filter(([name]) => !useless.has(name))) };
}

/** The row of the longest cue whose words were all said; null when none was. `beside` is what was said beside the name of the action. */
function bestCued(said: ReadonlySet<string>, beside: ReadonlySet<string>, questions: readonly Question[]): Question | null {
  let best: { question: Question; score: number } | null = null;
  for (const question of questions) {
    if (question.unless?.some((word) => beside.has(word))) continue;
    for (const cue of question.cues) {
      const needed = cue.split(' ');
      if (!needed.every((word) => said.has(word))) continue;
      const score = needed.length;
      if (!best || score > best.score) best = { question, score };
    }
  }
  return best?.question ?? null;
}

/** The row that a sentence belongs to by how it begins; null when none does. */
function openedBy(text: string, questions: readonly Question[]): Question | null {
  const [first, ...others] = tokens(openingClause(text));
  if (first === undefined) return null;
  return questions.find(({ opens }) => opens?.words.includes(first) && !opens.unless.some((word) => others.includes(word))) ?? null;
}

/** The rows nearest to a sentence that nothing matched, most shared words first. */
export function nearestQuestions(text: string, questions: readonly Question[], count: number): readonly Question[] {
  const said = new Set(tokens(text.slice(0, MAX_QUESTION)));
  const overlap = (question: Question) =>
    Math.max(...question.cues.map((cue) => cue.split(' ').filter((word) => said.has(word)).length), 0);
  return questions.toSorted((a, b) => overlap(b) - overlap(a)).slice(0, count);
}

/** Lower-case words; apostrophes dropped, `phase1` and `ph2` split before their digit, quotes and punctuation gone. */
export function tokens(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/\b(phase|ph|p)(\d)\b/g, '$1 $2')
    .replaceAll(/[^\p{L}\p{N}*._-]+/gu, ' ')
    .split(' ')
    .map((word) => word.replaceAll(/^[._-]+|[._-]+$/g, ''))
    .filter((word) => word !== '');
}

interface Extracted {
  readonly args: Arguments;
  /** What is left once the names are taken out. */
  readonly rest: readonly string[];
  /** The same without the words that name the action. */
  readonly beside: readonly string[];
}

function extract(words: readonly string[], vocabulary: Vocabulary): Extracted {
  const args: Record<string, string | true> = {};
  let rest = [...words];
  const take = (arg: string, value: string | true, from: number, count: number) => {
    if (args[arg] !== undefined) return;
    args[arg] = value;
    rest.splice(from, count, ...Array.from({ length: count }, () => ''));
  };
  const named: readonly (readonly [string, Names])[] = [
    ['subscription', vocabulary.subscriptions],
    ['resourceGroup', vocabulary.resourceGroups],
    ['machine', vocabulary.machines],
  ];
  for (const [arg, names] of named) {
    rest.forEach((word, position) => {
      const name = names.get(word);
      if (name !== undefined) take(arg, name, position, 1);
    });
  }
  for (const [arg, label] of [
    ['ring', 'ring'],
    ['subscription', 'subscription'],
    ['subscription', 'sub'],
    ['resourceGroup', 'rg'],
    ['machine', 'machine'],
    ['machine', 'server'],
  ] as const) {
    const position = rest.indexOf(label);
    const value = position >= 0 ? rest[position + 1] : undefined;
    if (value && !STOP_WORDS.has(value)) take(arg, arg === 'ring' ? canonicalName(value, vocabulary.rings) : value, position, 2);
  }
  // “the finance ring”: a ring the migration may not have must be answered, not passed over.
  const label = rest.indexOf('ring');
  const before = label > 0 ? rest[label - 1] : undefined;
  if (before && !STOP_WORDS.has(before)) take('ring', canonicalName(before, vocabulary.rings), label - 1, 2);
  rest.forEach((word, position) => {
    const ring = vocabulary.rings.find((name) => name.toLowerCase() === word);
    if (ring !== undefined) take('ring', ring, position, 1);
  });
  const plan = rest.findIndex((word) => /^gl-\d{4,}$/.test(word));
  if (plan >= 0) take('run', (rest[plan] as string).toUpperCase(), plan, 1);
  const naming = new Set<number>();
  const longestFirst = vocabulary.phrases.toSorted((a, b) => b.words.split(' ').length - a.words.split(' ').length);
  for (const phrase of longestFirst) {
    const wanted = phrase.words.split(' ');
    for (let start = 0; start + wanted.length <= rest.length; start += 1) {
      if (wanted.every((word, offset) => alike(rest[start + offset] as string, word))) {
        // The words stay: "set passive mode" names both an action and what is asked.
        if (args[phrase.arg] === undefined) {
          args[phrase.arg] = phrase.value;
          if (phrase.arg === 'action') for (const offset of wanted.keys()) naming.add(start + offset);
        }
        break;
      }
    }
  }
  if (rest.some((word) => word === 'me' || word === 'my' || word === 'mine')) args['me'] = true;
  const beside = rest.filter((word, position) => word !== '' && !naming.has(position));
  rest = rest.filter((word) => word !== '');
  return { args: args as Arguments, rest, beside };
}

const STOP_WORDS: ReadonlySet<string> = new Set([
  'which',
  'what',
  'that',
  'this',
  'my',
  'our',
  'every',
  'each',
  'all',
  'any',
  'a',
  'per',
  'by',
  'is',
  'are',
  'the',
  'in',
  'for',
  'on',
  'of',
  'and',
  'do',
  'does',
  'to',
  'list',
  'with',
  'without',
  'has',
  'have',
  'need',
  'needs',
]);

function canonicalName(value: string, names: readonly string[]): string {
  return names.find((name) => name.toLowerCase() === value) ?? value;
}

/** The same word, give or take one slip of the finger in words of five letters or more. */
function alike(said: string, word: string): boolean {
  return said === word || (word.length >= 5 && said.length >= 4 && distanceAtMostOne(said, word));
}

function nearest(word: string, known: ReadonlySet<string>): string {
  if (known.has(word) || word.length < 4) return word;
  for (const candidate of known) if (alike(word, candidate)) return candidate;
  return word;
}

/** One insertion, deletion, replacement, or swap of neighbours. */
function distanceAtMostOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length - 1;
  let endB = b.length - 1;
  while (endA >= start && endB >= start && a[endA] === b[endB]) {
    endA -= 1;
    endB -= 1;
  }
  const [restA, restB] = [endA - start + 1, endB - start + 1];
  if (restA <= 1 && restB <= 1) return true;
  return restA === 2 && restB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}
