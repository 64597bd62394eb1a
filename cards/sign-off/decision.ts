import type { Decides } from '../../core/decides.ts';
import type { Tally } from '../../core/finding.ts';
import type { Frame } from '../frame.ts';
import { plain, sentence } from '../plain.ts';
import { count, date, number, phaseName } from '../words.ts';

export interface DecisionLine {
  readonly words: string;
  /** `before → after` where something changes; otherwise empty. */
  readonly change: string;
}

/** What a plan without calls decides: a heading, and every single thing that then holds. */
export function decisionLines(decides: Decides, frame: Frame): { readonly heading: string; readonly lines: readonly DecisionLine[] } {
  return tables[decides.kind](decides as never, frame);
}

function closingWords({ ready, waived, 'not-applicable': apart }: Tally): string {
  const words = [`${number(ready)} of ${count(ready + waived + apart, 'machine')} ready`, `${number(waived)} waived`];
  return [...words, ...(apart > 0 ? [`${number(apart)} that no step applies to`] : [])].join(', ');
}

type Table = {
  readonly [K in Decides['kind']]: (
    decides: Extract<Decides, { kind: K }>,
    frame: Frame,
  ) => { readonly heading: string; readonly lines: readonly DecisionLine[] };
};

const tables: Table = {
  'close-phase': ({ phase, ring, closing }, frame) => ({
    heading: 'This closes',
    lines: [
      { words: `${phaseName(phase)} for ring ${plain(ring, 60)}: ${closingWords(closing.machines)}.`, change: '' },
      ...closing.waivers.map(({ stepId, name, until, plan }) => ({
        words: `On the waiver ${plain(plan, 20)} of ${plain(stepId, 60)} for ${plain(name)}, which ends ${date(until, frame)}.`,
        change: '',
      })),
      ...closing.attestations.map(({ stepId, by, until }) => ({
        words: `On the word of ${plain(by)} for ${plain(stepId, 60)}, which holds until ${date(until, frame)}.`,
        change: '',
      })),
    ],
  }),
  waive: ({ stepId, subjectName, until, reason }, frame) => ({
    heading: 'This waives',
    lines: [
      { words: `The step ${plain(stepId, 60)} for ${plain(subjectName)}, until ${date(until, frame)}.`, change: '' },
      { words: `The reason: ${sentence(reason)}`, change: '' },
    ],
  }),
  'accept-file': ({ fileHash, changes }) => ({
    heading: `This accepts ${count(changes.length, 'change')} of the migration file`,
    lines: [
      ...changes.map(({ words, from, to }) => ({
        words: plain(words, 200),
        change: `${plain(from, 120) || 'nothing'} → ${plain(to, 120) || 'nothing'}`,
      })),
      { words: `The file that counts from then on: sha256 ${plain(fileHash, 64)}`, change: '' },
    ],
  }),
};
