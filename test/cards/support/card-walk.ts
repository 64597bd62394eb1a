import type { Json, JsonObject } from '../../../core/json.ts';
import { isJsonObject } from '../../../core/json.ts';
import type { Check, TypeRule } from './card-schema.ts';
import { types } from './card-schema.ts';

export interface Found {
  readonly path: string;
  readonly type: string;
  readonly node: JsonObject;
}

export interface Walk {
  /** What is wrong, each with its place: `/body/2 (Badge) has no fallback`. */
  readonly problems: readonly string[];
  /** Every typed object met, fallbacks too. */
  readonly found: readonly Found[];
}

const MOST_ACTIONS = 6;
const DEEPEST = 8;

/** Checks a card against the types it may use: an unknown type, property or value is a problem. */
export function walkCard(card: Json): Walk {
  const problems: string[] = [];
  const found: Found[] = [];
  function say(path: string, words: string): void {
    problems.push(`${path || '/'} ${words}`);
  }
  const expectThat = (holds: boolean, path: string, words: string) => {
    if (!holds) say(path, words);
  };

  function typed(node: Json, path: string, is: TypeRule['is'], depth: number): void {
    if (!isJsonObject(node) || typeof node['type'] !== 'string') {
      say(path, `is no ${is}`);
      return;
    }
    const type = node['type'];
    const rule = Object.hasOwn(types, type) ? types[type] : undefined;
    if (!rule) {
      say(path, `has the unknown type ${type}`);
      return;
    }
    if (rule.is !== is) {
      say(path, `(${type}) is no ${is}`);
      return;
    }
    if (depth > DEEPEST) say(path, 'is nested too deep');
    found.push({ path, type, node });
    for (const name of rule.required) if (node[name] === undefined) say(path, `(${type}) lacks ${name}`);
    if (rule.newer && node['fallback'] === undefined) say(path, `(${type}) has no fallback`);
    for (const [name, value] of Object.entries(node)) {
      if (name === 'type') continue;
      const check = rule.allowed[name];
      if (check) valued(value, `${path}/${name}`, check, depth);
      else say(path, `(${type}) must not have ${name}`);
    }
  }

  function valued(value: Json, path: string, check: Check, depth: number): void {
    if (typeof check === 'string') {
      checks[check](value, path, depth);
      return;
    }
    const fits = 'oneOf' in check ? check.oneOf.includes(value as string) : typeof value === 'string' && check.pattern.test(value);
    if (!fits) say(path, `must not be ${JSON.stringify(value)}`);
  }

  function each(value: Json, path: string, is: TypeRule['is'], depth: number): void {
    if (!Array.isArray(value) || value.length === 0) {
      say(path, 'is no list with something in it');
      return;
    }
    for (const [index, item] of (value as readonly Json[]).entries()) typed(item, `${path}/${index}`, is, depth + 1);
  }

  const checks: Readonly<Record<Extract<Check, string>, (value: Json, path: string, depth: number) => void>> = {
    string: (value, path) => expectThat(typeof value === 'string', path, 'is no text'),
    number: (value, path) => expectThat(Number.isFinite(value), path, 'is no number'),
    boolean: (value, path) => expectThat(typeof value === 'boolean', path, 'is not true or false'),
    url: (value, path) => expectThat(typeof value === 'string' && URL.canParse(value), path, 'is no address'),
    data: (value, path) => expectThat(isJsonObject(value), path, 'is no object'),
    element: (value, path, depth) => typed(value, path, 'element', depth),
    action: (value, path, depth) => typed(value, path, 'action', depth),
    elements: (value, path, depth) => each(value, path, 'element', depth),
    columns: (value, path, depth) => each(value, path, 'column', depth),
    inlines: (value, path, depth) => each(value, path, 'run', depth),
    actions: (value, path, depth) => {
      each(value, path, 'action', depth);
      if (Array.isArray(value) && value.length > MOST_ACTIONS) say(path, `has more than ${MOST_ACTIONS} actions`);
    },
    choices: (value, path) => {
      const good =
        Array.isArray(value) &&
        value.every((choice: Json) => isJsonObject(choice) && Object.keys(choice).toSorted().join() === 'title,value');
      if (!good) say(path, 'are no choices');
    },
  };

  typed(card, '', 'card', 0);
  return { problems, found };
}

/** Every text of a value, with its place. */
export function textsOf(value: Json, path = ''): { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => textsOf(item, `${path}/${index}`));
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, item]) => textsOf(item, `${path}/${key}`)) : [];
}

/** What can be read on a card, a line a text, without the places to break long words. */
export function wordsOn(card: Json): string {
  const shown = walkCard(card).found.flatMap(({ type, node }) =>
    type === 'TextRun' || type === 'TextBlock' || type === 'Badge' ? [node['text']] : [],
  );
  return (shown as string[]).join('\n').replaceAll('\u200B', '');
}
