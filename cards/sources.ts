import type { Instant } from '../core/instant.ts';
import type { JsonObject } from '../core/json.ts';
import type { Frame } from './frame.ts';
import { plain, sentence } from './plain.ts';
import { run } from './text-run.ts';
import type { Lines } from './text-twin.ts';
import { part } from './text-twin.ts';
import { count, moment, verdicts } from './words.ts';

/** Where facts came from and how old they are: the "as of" line of every answer. */
export interface SourceLine {
  /** What it is: `Defender extensions`. */
  readonly words: string;
  /** Who said it: `Azure Resource Graph`. */
  readonly source: string;
  /** When it was last read in full; null when never. */
  readonly readAt: Instant | null;
  readonly failure: { readonly reason: string; readonly fix: string; readonly since: Instant } | null;
  /** True while it is being read anew: what is shown is from before. */
  readonly beingRead?: boolean;
}

interface Footed {
  readonly sources: readonly SourceLine[];
  readonly blindSpot: readonly string[];
}

/** How many lines of each are shown where there is no room for all; the rest is counted. */
interface Most {
  readonly sources: number;
  readonly blindSpot: number;
}

/** Data of the part `footer`. What failed is shown before what was read. */
export function footer({ sources, blindSpot }: Footed, frame: Frame, most: Partial<Most> = {}): JsonObject {
  const lines = blindSpot.map((line) => ({ runs: [run(sentence(line), { size: 'small' })] }));
  const read = failedFirst(sources).map((source) => ({ runs: sourceRuns(source, frame) }));
  return {
    hasBlindSpot: blindSpot.length > 0,
    blindSpot: upTo(most.blindSpot, lines, 'blind spot'),
    hasSources: sources.length > 0,
    sources: upTo(most.sources, read, 'source'),
  };
}

function upTo(most: number | undefined, lines: readonly JsonObject[], one: string): readonly JsonObject[] {
  const more = lines.length - (most ?? lines.length);
  if (more <= 0) return lines;
  return [...lines.slice(0, most), { runs: [run(`${count(more, `more ${one}`)} not shown.`, { size: 'small', subtle: true })] }];
}

export function footerText({ sources, blindSpot }: Footed, frame: Frame): Lines {
  return [
    part(
      'Blind spot',
      blindSpot.map((line) => sentence(line)),
    ),
    part(
      'Sources',
      failedFirst(sources).map((source) => sourceWords(source, frame)),
    ),
  ];
}

/** Data and text of the interpretation line. */
export function readAsRuns(readAs: string | null): JsonObject {
  return { hasReadAs: readAs !== null, readAs: [run(readAsWords(readAs) ?? '', { size: 'small', italic: true, subtle: true })] };
}

export function readAsWords(readAs: string | null): string | null {
  return readAs === null ? null : `Read as: ${sentence(readAs)}`;
}

function failedFirst(sources: readonly SourceLine[]): readonly SourceLine[] {
  return [...sources.filter(({ failure }) => failure), ...sources.filter(({ failure }) => !failure)];
}

function sourceRuns(source: SourceLine, frame: Frame): JsonObject[] {
  const words = run(sourceWords(source, frame), { size: 'small', subtle: source.failure === null });
  const { glyph, colour } = verdicts.unknown;
  return source.failure ? [run(`${glyph} `, { size: 'small', bold: true, colour }), words] : [words];
}

function sourceWords({ words, source, readAt, failure, beingRead = false }: SourceLine, frame: Frame): string {
  const what = plain(words).toLowerCase().includes(plain(source).toLowerCase()) ? plain(words) : `${plain(words)} (${plain(source)})`;
  const going = beingRead ? 'It is being read now; ask again in a minute.' : '';
  if (!failure) {
    const said = readAt === null ? `${what}: never read.` : `${what}: as of ${moment(readAt, frame)}.`;
    return [said, going].filter((piece) => piece !== '').join(' ');
  }
  const last = readAt === null ? 'Never read in full.' : `Last read in full ${moment(readAt, frame)}.`;
  return [`${what}: unknown since ${moment(failure.since, frame)} — ${sentence(failure.reason)}`, sentence(failure.fix), last, going]
    .filter((piece) => piece !== '')
    .join(' ');
}
