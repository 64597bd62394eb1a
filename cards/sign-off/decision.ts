import type { Decides } from '../../core/decides.ts';
import type { Frame } from '../frame.ts';
import { plain, sentence } from '../plain.ts';
import { count, date, phaseName } from '../words.ts';

export interface DecisionLine {
  readonly words: string;
  /** `before → after` where something changes; otherwise empty. */
  readonly change: string;
}

/** What a plan without calls decides: a heading, and every single thing that then holds. */
export function decisionLines(decides: Decides, frame: Frame): { readonly heading: string; readonly lines: readonly DecisionLine[] } {
  return tables[decides.kind](decides as never, frame);
}

type Table = {
  readonly [K in Decides['kind']]: (
    decides: Extract<Decides, { kind: K }>,
    frame: Frame,
  ) => { readonly heading: string; readonly lines: readonly DecisionLine[] };
};

const tables: Table = {
  'close-phase': ({ phase, ring }) => ({
    heading: 'This closes',
    lines: [{ words: `${phaseName(phase)} for ring ${plain(ring, 60)}.`, change: '' }],
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
