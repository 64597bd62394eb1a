import type { JsonObject } from '../../core/json.ts';
import { gapConditions, gapLength } from '../../core/protection-gap.ts';
import { conditionMarks, lengthWords, rangeWords } from '../gap-words.ts';
import { name, sentence } from '../plain.ts';
import { run } from '../text-run.ts';
import type { Lines } from '../text-twin.ts';
import { part } from '../text-twin.ts';
import { count, number } from '../words.ts';
import type { RunView } from './view.ts';

const HEADING = 'Protection, as the plan accounts for';
/** Of those that go on. */
const MOST_TEXT = 100;

type Gaps = Pick<RunView, 'gaps'>;

/** Data of the part of a run's card that tells of gaps in protection. */
export function gapsData({ gaps }: Gaps, most: number): JsonObject {
  const going = goingOn({ gaps });
  const lines = [
    ...going.slice(0, most).map((gap) => [run(`${name(gap.name)} `, { bold: true }), run(goingWords(gap))]),
    ...(going.length > most ? [[run(`+${number(going.length - most)} more; type "text" for all of them.`)]] : []),
    ...overWords({ gaps }).map((words) => [run(words, { size: 'small' })]),
  ];
  return { hasGaps: gaps.length > 0, gapsTitle: HEADING, gaps: lines.map((runs) => ({ runs })) };
}

/** The same as text. */
export function gapsText(view: Gaps): Lines {
  const going = goingOn(view);
  return part(HEADING, [
    going.slice(0, MOST_TEXT).map((gap) => `- ${name(gap.name)}: ${goingWords(gap)}`),
    going.length > MOST_TEXT && `- and ${count(going.length - MOST_TEXT, 'more machine')}.`,
    overWords(view).map((words) => `- ${words}`),
  ]);
}

function goingOn({ gaps }: Gaps): RunView['gaps'] {
  return gaps.filter(({ ended }) => ended === null);
}

function goingWords(gap: RunView['gaps'][number]): string {
  return sentence(`${conditionMarks[gap.condition].word}, ${rangeWords(gap)}`);
}

/** Those that are over, with the longest of each condition. */
function overWords({ gaps }: Gaps): readonly string[] {
  return gapConditions.flatMap((condition) => {
    const over = gaps.filter((gap) => gap.condition === condition && gap.ended !== null);
    const most = (gap: RunView['gaps'][number]) => gapLength(gap).atMost ?? Infinity;
    const longest = over.reduce<RunView['gaps'][number] | null>((found, gap) => (found && most(found) >= most(gap) ? found : gap), null);
    if (longest === null) return [];
    return [sentence(`${count(over.length, 'machine')} over: ${conditionMarks[condition].word}, the longest ${lengthWords(longest)}`)];
  });
}
