import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import type { Badge } from '../head.ts';
import { head } from '../head.ts';
import { learnMore } from '../link.ts';
import { name, plain, sentence } from '../plain.ts';
import { fitting, render } from '../render.ts';
import { footer, readAsRuns } from '../sources.ts';
import { exactRun, markRun, run } from '../text-run.ts';
import { brief, count, date, names, number, phaseName, tallyWords, verdicts, worst } from '../words.ts';
import { stepText } from './text.ts';
import type { StepGroup, StepView } from './view.ts';

export { stepSamples } from './samples.ts';
export type { StepGroup, StepView } from './view.ts';
export { MOST_GROUPS, MOST_NAMES } from './view.ts';

interface Detail {
  readonly groups: number;
  readonly names: number;
  readonly sources: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { groups: 20, names: 20, sources: 12 },
  { groups: 15, names: 10, sources: 6 },
  { groups: 12, names: 3, sources: 3 },
  { groups: 6, names: 0, sources: 1 },
];

/** A path is at most this long on Windows; it is copied from here, so nothing of it may be cut or inserted. */
const LONGEST_LINE = 260;

/** Choices in one list; a migration has a handful of rings. */
const MOST_RINGS = 30;

const BADGES: Readonly<Record<ReturnType<typeof worst>, Badge>> = {
  'not-ready': { words: 'Not ready', style: 'Attention', glyph: '✖', colour: 'attention' },
  unknown: { words: 'Unknown', style: 'Warning', glyph: '?', colour: 'accent' },
  waived: { words: 'Waived', style: 'Accent', glyph: '⚑', colour: 'accent' },
  ready: { words: 'Ready', style: 'Good', glyph: '✔', colour: 'good' },
  'not-applicable': { words: 'Not applicable', style: 'Subtle', glyph: '–', colour: 'default' },
};

/** One step, with what holds it back and the action that can help. */
export function stepCard(view: StepView, frame: Frame): RenderedCard {
  const summary = summarise(view);
  const text = stepText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('step', stepData(view, frame, detail), text, summary));
}

function stepData(view: StepView, frame: Frame, detail: Detail): JsonObject {
  const hidden = view.groups.length + view.moreGroups - Math.min(view.groups.length, detail.groups);
  const { request } = view;
  return {
    ...head(
      {
        kind: `Step of ${phaseName(view.phase)}`,
        title: view.title,
        subline: [name(frame.migration), ...(view.ring === null ? [] : [`ring ${name(view.ring)}`]), date(frame.now, frame)].join(' · '),
        tone: 'emphasis',
        badge: BADGES[worst(view.tally)],
      },
      frame,
    ),
    ...readAsRuns(view.readAs),
    counts: countRuns(view),
    why: [run(`${sentence(view.why)} `, { subtle: true }), run(`Mended by: ${plain(view.owner, 60)}.`, { size: 'small' })],
    groups: view.groups.slice(0, detail.groups).map((group) => groupData(group, frame, detail.names)),
    lists: view.handsOut.map(({ title, lines }) => ({
      title: [run(name(title), { bold: true })],
      lines: lines.map((line) => ({ words: [exactRun(plain(line, LONGEST_LINE), { size: 'small' })] })),
    })),
    ...vouchingData(view, frame, detail.names),
    hasMore: hidden > 0,
    more: [run(`${count(hidden, 'more reason')} not shown.`, { size: 'small', subtle: true })],
    hasRequest: hasRequest(view),
    request: [run(`${plain(request?.title ?? '')} `, { bold: true }), run(requestWords(view), { size: 'small' })],
    hasRings: hasRequest(view) && request?.rings !== null,
    ring: plain(chosenRing(view) ?? ''),
    rings: (request?.rings ?? []).slice(0, MOST_RINGS).map((ring) => ({ title: name(ring), value: plain(ring) })),
    hasButtons: true,
    buttons: [...requestButton(view), ...vouchButton(view), backButton(view), ...learnMore(view.link)],
    ...footer(view, frame, { blindSpot: detail.sources, sources: detail.sources }),
  };
}

/** With no ring to choose from, nothing can be asked for a ring. */
function hasRequest({ request }: StepView): boolean {
  return request !== null && (request.rings === null || request.rings.length > 0);
}

function requestWords({ request }: StepView): string {
  const plans = 'makes a plan and asks its approvers. Nothing runs before they sign.';
  return request?.rings === null ? `shows what is missing and hands it over, or ${plans}` : plans;
}

/** The only ring there is, or the one the card is narrowed to. */
function chosenRing({ request, ring }: StepView): string | undefined {
  const rings = request?.rings ?? [];
  return rings.length === 1 ? rings[0] : rings.find((one) => one === ring);
}

/** Words shown on one card. */
const MOST_WORDS = 6;

function vouchingData({ vouching }: StepView, frame: Frame, most: number): JsonObject {
  const all = vouching?.words ?? [];
  const shown = all.slice(0, most === 0 ? 2 : MOST_WORDS);
  const more = all.length > shown.length ? ` ${count(all.length - shown.length, 'more word')} not shown.` : '';
  return {
    hasVouching: vouching !== null,
    vouching: [
      run('A person can vouch for it where facts leave it unknown. ', { bold: true }),
      run(`${all.length === 0 ? 'Nobody has now.' : ''} May vouch: ${attesterNames(vouching)}.${more}`, { size: 'small' }),
    ],
    words: shown.map(({ id, by, scope, at, until }) => ({
      said: [
        run(`${name(by)} `, { bold: true, size: 'small' }),
        run(`vouched ${date(at, frame)} for ${name(scope)}, until ${date(until, frame)}.`, { size: 'small' }),
      ],
      hasButton: vouching?.own != null,
      buttons:
        vouching?.own == null
          ? []
          : [button({ verb: 'attestation.view', title: 'Open', tooltip: `Open the word of ${name(by)}`, data: { id } })],
    })),
  };
}

function attesterNames(vouching: StepView['vouching']): string {
  return names((vouching?.attesters ?? []).map(name), MOST_WORDS) || 'nobody';
}

/** Everyone gets a way to their own view; only there is a button to vouch, for those who may. */
function vouchButton({ phase, id, title, ring, vouching }: StepView): JsonObject[] {
  if (vouching === null) return [];
  if (vouching.own === null) {
    const data = { phase, step: id, ...(ring === null ? {} : { ring }) };
    return [button({ verb: 'checklist.details', title: 'Open my view', tooltip: `See what you can do about "${name(title)}"`, data })];
  }
  if (vouching.own.data === null) return [];
  return [
    button({
      verb: 'attestation.offer',
      title: 'Attest…',
      tooltip: `Read what you would vouch for, and confirm it`,
      data: vouching.own.data,
    }),
  ];
}

function groupData(group: StepGroup, frame: Frame, most: number): JsonObject {
  const { word } = verdicts[group.verdict];
  const fix = sentence(group.fix);
  return {
    mark: [markRun(verdicts[group.verdict])],
    title: [run(`${number(group.subjects)} ${word}: `, { bold: true }), run(sentence(group.because))],
    hasFix: fix !== '',
    fix: [run(`What helps: ${fix}`, { size: 'small' })],
    hasNames: group.names.length > 0 && most > 0,
    names: [run(names(group.names.map(name), most, group.subjects), { size: 'small' })],
    hasAge: group.asOf !== null,
    age: [run(group.asOf === null ? '' : `As of ${brief(group.asOf, frame)}.`, { size: 'small', subtle: true })],
  };
}

function countRuns({ tally }: StepView): JsonObject[] {
  const words = tallyWords(tally);
  if (words.length === 0) return [run('? Nothing to judge yet: unknown.', { bold: true })];
  return words.flatMap((item, index) => [
    ...(index > 0 ? [run(' · ')] : []),
    markRun(verdicts[item.verdict]),
    run(item.words, { bold: true }),
  ]);
}

function requestButton(view: StepView): JsonObject[] {
  const { request } = view;
  if (request === null || !hasRequest(view)) return [];
  if (request.rings === null) {
    const data = { action: request.action };
    return [button({ verb: 'action.request', title: 'Ask for it', tooltip: `Ask for "${name(request.title)}"`, data, style: 'positive' })];
  }
  return [
    button({
      verb: 'action.request',
      title: 'Ask to sign',
      tooltip: `Make a plan for "${name(request.title)}" and ask its approvers`,
      data: { action: request.action },
      style: 'positive',
      inputs: true,
    }),
  ];
}

function backButton({ phase, ring }: StepView): JsonObject {
  const data = { phase, ...(ring === null ? {} : { ring }) };
  return button({ verb: 'checklist.refresh', title: 'Back', tooltip: `Back to the checklist of ${phaseName(phase)}`, data });
}

function summarise(view: StepView): string {
  const words = tallyWords(view.tally).map((item) => item.words);
  return `${sentence(view.title).replace(/[.]$/, '')}: ${words.length === 0 ? 'nothing to judge yet, so unknown' : words.join(', ')}.`;
}
