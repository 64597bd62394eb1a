import type { JsonObject } from '../../core/json.ts';
import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { run } from '../text-run.ts';
import { brief, count } from '../words.ts';
import { summaryLines } from './summary.ts';
import { leftOutLines, MOST_NAMED, targetLines, touchesWords } from './targets.ts';
import type { SignOffView } from './view.ts';

const MOST_LINES = 12;

interface Detail {
  readonly named: number;
  readonly leftOut: number;
  readonly holds: number;
}

/** What it touches, what stays out of it and why, and in which waves. Too many machines are summed up instead of named. */
export function targetsData(view: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const left = leftOutLines(view, detail.leftOut);
  return {
    hasTargets: view.decides === null,
    targetsHeading: touchesWords(view),
    targets: targets(view, detail.named),
    hasWaves: view.waves.length > 0,
    waves: [run('Waves, each proven before the next: ', { size: 'small' }), run(waveWords(view), { size: 'small', bold: true })],
    hasHolds: view.holds.length > 0,
    holdsHeading: `Held out: ${count(view.holds.length, 'machine')}`,
    holds: holds(view, frame, detail.holds),
    hasLeftOut: left.length > 0,
    leftOutHeading: `Left out: ${count(view.leftOut.length, 'machine')}`,
    leftOut: [
      ...left
        .slice(0, MOST_LINES)
        .map(({ names, because }) => ({ runs: [run(`${names}: `), run(sentence(because), { size: 'small', subtle: true })] })),
      ...(left.length > MOST_LINES ? [{ runs: [run(`and for ${count(left.length - MOST_LINES, 'other reason')}.`)] }] : []),
    ],
  };
}

function targets(view: SignOffView, most: number): JsonObject[] {
  const lines = targetLines(view, most);
  const more = lines.length - MOST_LINES;
  const tooMany = view.targets.length > Math.min(most, MOST_NAMED);
  return [
    ...(tooMany ? lines.slice(0, MOST_LINES) : lines).map(({ heading, found, names }) => ({
      runs: [
        run(names === '' ? `${heading}. ` : `${heading}: `, { bold: true }),
        ...(names === '' ? [] : [run(`${names}. `)]),
        ...(found === '' ? [] : [run(`Found: ${sentence(found)}`, { size: 'small', subtle: true })]),
      ],
    })),
    ...(tooMany && more > 0 ? [{ runs: [run(`and ${count(more, 'more ring')}.`)] }] : []),
    ...(tooMany ? summaryLines(view).map((words) => ({ runs: [run(words, { size: 'small' })] })) : []),
  ];
}

function holds({ holds: all }: SignOffView, frame: Frame, most: number): JsonObject[] {
  const more = all.length - most;
  return [
    ...all.slice(0, most).map(({ name: held, by, at, reason }) => ({
      runs: [
        run(`${name(held)}: `, { bold: true }),
        run(`by ${name(by)} ${brief(at, frame)}: ${sentence(plain(reason, 240))}`, { size: 'small', subtle: true }),
      ],
    })),
    ...(more > 0 ? [{ runs: [run(`and ${count(more, 'more machine')}; type "text" for all of them.`)] }] : []),
  ];
}

function waveWords({ waves }: SignOffView): string {
  const more = waves.length - MOST_LINES;
  const shown = waves.slice(0, MOST_LINES).map((wave) => `${name(wave.name)} (${wave.count})`);
  return `${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(' → ')}.`;
}
