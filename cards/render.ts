import { readdirSync, readFileSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';
import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { RenderedCard } from '../core/ports.ts';
import { withoutMarkdown } from './plain.ts';

/** UTF-8 bytes. Under every limit published for messages and for answers to a press. */
export const CARD_BYTES = 28 * 1024;
/** Leaves room for what a message adds to its card, such as mentions. */
const COMFORTABLE_BYTES = 26 * 1024;
const SCHEMA = 'http://adaptivecards.io/schemas/adaptive-card.json';

interface CompiledTemplate {
  readonly source: Json;
  readonly template: Template;
}

/** `parts/*.json` may stand in a template as `{"$part": "name"}`. */
const parts = new Map(
  readdirSync(new URL('parts/', import.meta.url)).map((file) => [file.replace(/\.json$/, ''), readJson(`parts/${file}`)] as const),
);

/** Every `<name>/template.json`, compiled once. */
const templates: ReadonlyMap<string, CompiledTemplate> = new Map(
  readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'parts')
    .map(({ name }) => {
      const source = withParts(readJson(`${name}/template.json`));
      return [name, { source, template: new Template(source) }] as const;
    }),
);

/**
 * Fills a template. Throws when a field of the template is missing in the data or the card is too large: a card with a hole in it is
 * never sent.
 */
export function render(templateName: string, data: JsonObject, text: string, summary: string): RenderedCard {
  const compiled = templates.get(templateName);
  if (!compiled) throw new Error(`there is no card template called ${templateName}`);
  const bound = filled(data) as JsonObject;
  const lacking = unboundConditions(compiled.source, bound, bound);
  if (lacking.length > 0) throw new Error(`the card ${templateName} lacks what its conditions ask for: ${lacking.join(', ')}`);

  const expanded = compiled.template.expand({ $root: mapStrings(bound, hide) }) as Json;
  const left = unfilled(expanded, '');
  if (left.length > 0) throw new Error(`the card ${templateName} has fields without data: ${left.join(', ')}`);

  const body = filled(mapStrings(expanded, reveal)) as JsonObject;
  const card: JsonObject = {
    type: 'AdaptiveCard',
    $schema: SCHEMA,
    version: '1.5',
    lang: 'en',
    fallbackText: withoutMarkdown(summary),
    msteams: { width: 'Full' },
    ...body,
  };
  const bytes = cardBytes(card);
  if (bytes > CARD_BYTES) throw new CardTooLarge(templateName, bytes);
  return { card, text, summary };
}

/** Tries ever smaller versions of a card until one fits with room to spare; the last one need only fit. */
export function fitting<T>(levels: readonly [...T[], T], make: (level: T) => RenderedCard): RenderedCard {
  for (const level of levels.slice(0, -1)) {
    const rendered = unlessTooLarge(() => make(level));
    if (rendered && cardBytes(rendered.card) <= COMFORTABLE_BYTES) return rendered;
  }
  return make(levels.at(-1) as T);
}

function unlessTooLarge(make: () => RenderedCard): RenderedCard | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof CardTooLarge) return null;
    throw error;
  }
}

export class CardTooLarge extends Error {
  constructor(templateName: string, bytes: number) {
    super(`the card ${templateName} has ${bytes} bytes, more than the ${CARD_BYTES} that Teams surely takes; it must show fewer rows`);
    this.name = 'CardTooLarge';
  }
}

export function cardBytes(card: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(card), 'utf8');
}

function readJson(path: string): Json {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Json;
}

function withParts(node: Json): Json {
  if (Array.isArray(node)) return node.flatMap((item: Json) => withParts(item) as Json | Json[]);
  if (!isJsonObject(node)) return node;
  if (typeof node['$part'] === 'string') {
    const part = parts.get(node['$part']);
    if (part === undefined) throw new Error(`there is no card part called ${node['$part']}`);
    return withParts(part);
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withParts(value)]));
}

/** Without null: the template engine stumbles over it, and clients disagree about it. */
function filled(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item: Json) => item !== null && item !== undefined).map((item: Json) => filled(item));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, filled(item)]));
}

// The data's own `${` is hidden while the engine works, so that any `${` in its result is a field of the template without data.
const HIDDEN = '\uE000';
const hide = (text: string) => text.replaceAll(HIDDEN, `${HIDDEN}e`).replaceAll('${', `${HIDDEN}d`);
const reveal = (text: string) => text.replaceAll(`${HIDDEN}d`, '${').replaceAll(`${HIDDEN}e`, HIDDEN);

function mapStrings(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, map));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, map)]));
}

function unfilled(value: Json, path: string): string[] {
  if (typeof value === 'string') return value.includes('${') ? [`${path} (${value.slice(0, 80)})`] : [];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => unfilled(item, `${path}/${index}`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => unfilled(item, `${path}/${key}`));
}

/** The engine takes a condition without data for false and says nothing: every one must be a boolean of the data. */
function unboundConditions(node: Json, here: Json, root: JsonObject): string[] {
  if (Array.isArray(node)) return node.flatMap((item: Json) => unboundConditions(item, here, root));
  if (!isJsonObject(node)) return [];
  const { $data, $when, ...rest } = node;
  const scope = $data === undefined ? here : look($data, here, root);
  const scopes = $data === undefined ? [here] : Array.isArray(scope) ? (scope as readonly Json[]) : null;
  if (scopes === null) return [`${JSON.stringify($data)} is not a list`];
  return scopes.flatMap((item) => {
    const condition = $when === undefined ? true : look($when, item, root);
    if (typeof condition !== 'boolean') return [JSON.stringify($when)];
    return condition ? unboundConditions(Object.values(rest) as Json[], item, root) : [];
  });
}

/** Conditions and lists are plain fields, `${name}` or `${$root.name}`: no expressions to go wrong. */
function look(expression: Json, here: Json, root: JsonObject): Json | undefined {
  const match = typeof expression === 'string' ? /^\$\{(\$root\.)?([A-Za-z]\w*)\}$/.exec(expression) : null;
  const holder = match?.[1] ? root : here;
  return match && isJsonObject(holder) && Object.hasOwn(holder, match[2] as string) ? holder[match[2] as string] : undefined;
}
