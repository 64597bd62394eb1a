import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { footerText, readAsWords } from '../sources.ts';
import { textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count, date, moment, names, number, phaseName, verdicts } from '../words.ts';
import type { StepView } from './view.ts';
import { MOST_NAMES } from './view.ts';

function requestText({ request }: StepView): string | null {
  if (request === null) return null;
  const { action, rings } = request;
  if (rings === null)
    return `Instead of "Ask for it" type "${typed.requestWhole(name(action))}"; it hands over what is missing or makes a plan, and runs nothing.`;
  const instead = `Instead of "Ask to sign" type "${typed.request(name(action), name(rings[0] ?? 'canary'))}"; it makes a plan and runs nothing.`;
  return `${instead} Rings: ${rings.map(name).join(', ')}.`;
}

export function stepText(view: StepView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    readAsWords(view.readAs),
    `${phaseName(view.phase)}, step ${name(view.id)}${view.ring === null ? '' : `, ring ${name(view.ring)}`}. Shown ${date(frame.now, frame)}.`,
    [sentence(view.why), view.link === '' ? '' : `More: ${plain(view.link)}`].join(' ').trim(),
    `Mended by: ${plain(view.owner)}.`,
    view.groups.map((group) => [
      '',
      `${number(group.subjects)} ${verdicts[group.verdict].word}: ${[sentence(group.because), sentence(group.fix)].join(' ').trim()}`,
      group.names.length > 0 && `${names(group.names.map(name), MOST_NAMES, group.subjects)}.`,
      group.asOf !== null && `As of ${moment(group.asOf, frame)}.`,
    ]),
    view.moreGroups > 0 && `${count(view.moreGroups, 'more reason')} not shown.`,
    view.vouching !== null && [
      '',
      `A person can vouch for it where facts leave it unknown. May vouch: ${view.vouching.attesters.map(name).join(', ') || 'nobody'}.`,
      view.vouching.words.map(
        ({ by, scope, at, until }) => `- ${name(by)} vouched ${date(at, frame)} for ${name(scope)}, until ${date(until, frame)}.`,
      ),
      `Instead of "Attest…" type "${typed.attest(name(view.id))}"; that opens a card and records nothing by itself.`,
    ],
    view.handsOut.map(({ title, lines }) => ['', `${name(title)}:`, ...lines.map((line) => plain(line, 260))]),
    footerText(view, frame),
    '',
    requestText(view),
    `Instead of "Back" type "${typed.phase(view.phase)}".`,
  );
}
