import type { Frame } from '../frame.ts';
import type { Badge, Tone } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { date, moment } from '../words.ts';
import type { AttestationGiven, AttestationView } from './view.ts';

export interface StageWords {
  readonly tone: Tone;
  readonly badge: Badge;
  /** In one sentence, for the notification. */
  readonly summary: string;
  readonly facts: readonly (readonly [string, string])[];
  /** Where the proof is kept, to be copied as it is; empty when nobody said. */
  readonly proof: string;
  readonly lines: readonly string[];
}

/** What there is to say of an attestation at its stage. */
export function stageWords(view: AttestationView, frame: Frame): StageWords {
  const { stage } = view;
  const title = plain(view.title);
  const about = name(view.scope);
  const until = moment(view.until, frame);
  if (stage.kind === 'asked') {
    const may = stage.attesters.map((who) => name(who)).join(', ');
    return {
      tone: 'emphasis',
      badge: { words: 'Not given', style: 'Informative', glyph: '○', colour: 'default' },
      summary: sentence(`${name(stage.by)} wants to vouch for “${title}” in ${about}; nothing is recorded yet`),
      facts: [
        ['About', about],
        ['Would hold until', until],
        ['May vouch', may === '' ? 'nobody' : may],
      ],
      proof: '',
      lines: ['Words record nothing. Open your own view, read the statement there and confirm it.'],
    };
  }
  if (stage.kind === 'offered') {
    return {
      tone: 'accent',
      badge: { words: 'Your word', style: 'Accent', glyph: '●', colour: 'accent' },
      summary: sentence(`You can vouch for “${title}” in ${about}, until ${date(view.until, frame)}`),
      facts: [
        ['About', about],
        ['Holds until', until],
      ],
      proof: '',
      lines: [
        sentence(stage.effect),
        stage.already === null ? '' : `You vouched for it already, until ${date(stage.already, frame)}; confirming it again renews that.`,
        'It is recorded under your name, posted in the channel, and can be taken back.',
      ].filter((line) => line !== ''),
    };
  }
  return given(view, stage, frame, { title, about });
}

function given(
  view: AttestationView,
  stage: AttestationGiven,
  frame: Frame,
  said: { readonly title: string; readonly about: string },
): StageWords {
  const { ended, personal } = stage;
  const by = name(stage.by);
  const facts: (readonly [string, string])[] = [
    ['Vouched by', `${by}, ${date(stage.at, frame)}`],
    ['About', said.about],
    [ended ? 'Held until' : 'Holds until', moment(view.until, frame)],
    ...(ended ? [['Taken back', `by ${name(ended.by)}, ${date(ended.at, frame)}`] as const] : []),
    ...(stage.note === '' ? [] : [['Saw', sentence(stage.note)] as const]),
  ];
  const proof = plain(stage.link, 500);
  const words = `“${said.title}” in ${said.about}`;
  const because = personal?.because ? [sentence(personal.because)] : [];
  if (ended) {
    return {
      tone: 'emphasis',
      badge: { words: 'Taken back', style: 'Warning', glyph: '↩', colour: 'attention' },
      summary: sentence(`${name(ended.by)} took back the word of ${by} for ${words}`),
      facts,
      proof,
      lines: ['What rested on it is unknown again, unless facts or another word tell.', ...because],
    };
  }
  const over = frame.now >= view.until;
  return {
    tone: over ? 'emphasis' : 'good',
    badge: over
      ? { words: 'Ended', style: 'Warning', glyph: '⌛', colour: 'default' }
      : { words: 'Vouched for', style: 'Good', glyph: '✔', colour: 'good' },
    summary: sentence(`${by} vouched for ${words}, until ${date(view.until, frame)}`),
    facts,
    proof,
    lines: [over ? 'What rested on it is unknown again, unless facts or another word tell.' : COUNTS, ...because],
  };
}

const COUNTS = 'It counts where facts leave the step unknown, and nowhere else.';
