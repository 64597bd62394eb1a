import { h } from './dom.js';

// What Teams understands of markdown in a bot's text: bold, italic, links and lists. Everything else stays as written.
const INLINE = [
  { pattern: /\\([\\`*_[\](){}#+.!~>-])/, build: (match) => match[1] },
  { pattern: /\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/, build: (match, inner) => link(match[2], inner(match[1])) },
  { pattern: /\*\*([^*\n]+)\*\*/, build: (match, inner) => h('strong', {}, inner(match[1])) },
  { pattern: /\*([^*\s][^*\n]*)\*/, build: (match, inner) => h('em', {}, inner(match[1])) },
  { pattern: /(?<![\p{L}\p{N}_])_([^_\n]+)_(?![\p{L}\p{N}_])/u, build: (match, inner) => h('em', {}, inner(match[1])) },
];

export function link(url, children) {
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, children);
}

export function mentionChip(mention) {
  return h('span', { class: mention.isMe ? 'mention to-me' : 'mention', 'data-testid': 'mention' }, mention.name);
}

/** Text with its mentions as chips; with `markdown` also the subset above. Gives DOM nodes, never markup. */
export function inline(text, mentions, markdown) {
  const rules = [
    ...mentions.filter(({ text: mark }) => mark).map((mention) => ({ literal: mention.text, build: () => mentionChip(mention) })),
    ...(markdown ? INLINE : []),
  ];
  const nodes = (part) => {
    const first = rules
      .map((rule) => ({ rule, found: find(rule, part) }))
      .filter(({ found }) => found)
      .sort((a, b) => a.found.index - b.found.index)[0];
    if (!first) return part ? [part] : [];
    const { rule, found } = first;
    return [
      ...(found.index ? [part.slice(0, found.index)] : []),
      rule.build(found.match, nodes),
      ...nodes(part.slice(found.index + found.length)),
    ];
  };
  return nodes(text);
}

function find(rule, part) {
  if (rule.literal !== undefined) {
    const index = part.indexOf(rule.literal);
    return index < 0 ? undefined : { index, length: rule.literal.length };
  }
  const match = rule.pattern.exec(part);
  return match ? { index: match.index, length: match[0].length, match } : undefined;
}

const ITEM = /^\s*(?:([-*•])|(\d+)[.)])\s+(.*)$/;

/** Paragraphs and lists of a text. */
export function blocks(text, mentions = [], markdown = true) {
  const out = [];
  let list;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const item = markdown ? ITEM.exec(line) : null;
    if (!item) {
      list = undefined;
      if (line.trim()) out.push(h('p', {}, inline(line, mentions, markdown)));
      continue;
    }
    const tag = item[1] ? 'ul' : 'ol';
    if (list?.localName !== tag) {
      list = h(tag, tag === 'ol' ? { start: item[2] } : {});
      out.push(list);
    }
    list.append(h('li', {}, inline(item[3], mentions, markdown)));
  }
  return out;
}

/** The same as an HTML string for the card renderer: built as nodes first, so it is escaped. */
export function html(text, mentions) {
  return h('div', {}, blocks(text, mentions)).innerHTML;
}
