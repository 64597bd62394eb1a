import type { JsonObject } from '../../core/json.ts';
import type { Frame } from '../frame.ts';
import type { ShownGap } from '../gap-words.ts';
import { conditionMarks, rangeWords, timesWords } from '../gap-words.ts';
import { asSentence, sentence } from '../plain.ts';
import { engineWords, protectionMarks } from '../protection-words.ts';
import { markRun, run } from '../text-run.ts';
import type { Lines } from '../text-twin.ts';
import { part } from '../text-twin.ts';
import { count } from '../words.ts';
import type { MachineView } from './view.ts';

type Protected = Pick<MachineView, 'protection' | 'gaps'>;

/** Data of a machine's protection: the state, what each source says, and its gaps. */
export function protectionData({ protection, gaps }: Protected, frame: Frame, most: number): JsonObject {
  const { state, because, fix, engines } = protection;
  const mark = protectionMarks[state];
  const hidden = gaps.length - most;
  const small = (words: string) => ({ runs: [run(words, { size: 'small', subtle: true })] });
  return {
    protection: [markRun(mark), run('Protection: ', { bold: true }), run(mark.word)],
    protectionBecause: [run([asSentence(because), sentence(fix)].join(' '), { size: 'small' })],
    engines: [
      ...engines.slice(0, most * 2).map((engine) => small(engineWords(engine, frame))),
      ...gaps.slice(0, most).map((gap) => ({
        runs: [markRun(conditionMarks[gap.condition], { size: 'small' }), run(gapWords(gap, frame), { size: 'small' })],
      })),
      ...(hidden > 0 ? [small(`and ${count(hidden, 'earlier gap')}.`)] : []),
    ],
  };
}

/** The same as text. */
export function protectionText({ protection, gaps }: Protected, frame: Frame): Lines {
  const { state, because, fix, engines } = protection;
  return part('Protection', [
    `${asSentence(protectionMarks[state].word)} ${asSentence(because)} ${sentence(fix)}`,
    engines.map((engine) => `- ${engineWords(engine, frame)}`),
    gaps.map((gap) => `- Gap: ${gapWords(gap, frame)}`),
  ]);
}

function gapWords(gap: ShownGap, frame: Frame): string {
  return `${sentence(`${conditionMarks[gap.condition].word}, ${rangeWords(gap)}`)} ${timesWords(gap, frame)}`;
}
