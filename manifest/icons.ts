import type { Colour, Layer, Picture } from './picture.ts';
import { paint } from './picture.ts';
import { circle, edgeOf, line, mirrored, polygon, roundedBox } from './shapes.ts';

/** One icon of the app package. Teams prescribes sizes and colours: color.png on a solid square, outline.png white on nothing. */
export interface Icon {
  readonly file: 'color.png' | 'outline.png';
  /** Width and height in pixels. */
  readonly size: number;
  readonly draw: () => Picture;
}

const WHITE: Colour = [255, 255, 255, 255];
const NOTHING: Colour = [255, 255, 255, 0];
const GROUND: Colour = [11, 90, 67, 255];
const UNLIT: Colour = [168, 190, 180, 255];
const LIT: Colour = [22, 163, 74, 255];

const TICK = [
  [88, 122.5],
  [94, 128.5],
  [104.5, 116.5],
] as const;

/** The same as `accentColor` in the manifest: Teams shows the outline on it. */
export const GROUND_HEX = `#${GROUND.slice(0, 3)
  .map((channel) => channel.toString(16).padStart(2, '0'))
  .join('')
  .toUpperCase()}`;

export const icons: readonly Icon[] = [
  { file: 'color.png', size: 192, draw: drawColor },
  { file: 'outline.png', size: 32, draw: drawOutline },
];

/** A traffic light showing green. Inside the middle 96 pixels, because Teams cuts the rest to a hexagon for bots. */
function drawColor(): Picture {
  const visors = [58, 86, 115].map((top): Layer => ({ shape: visor(96, 22, 22, top, 20), colour: WHITE }));
  return paint(192, GROUND, [
    ...visors,
    { shape: roundedBox([96, 96], 27, 48, 15), colour: WHITE },
    { shape: circle([96, 65], 11), colour: UNLIT },
    { shape: circle([96, 91], 11), colour: UNLIT },
    { shape: circle([96, 122], 17), colour: LIT },
    { shape: line(TICK, 5), colour: WHITE },
  ]);
}

function drawOutline(): Picture {
  const visors = [6, 13, 20].map((top): Layer => ({ shape: visor(16, 8, 6, top, 5), colour: WHITE }));
  return paint(32, NOTHING, [
    ...visors,
    { shape: edgeOf(roundedBox([16, 16], 8, 15, 5), 2), colour: WHITE },
    { shape: circle([16, 7], 2), colour: WHITE },
    { shape: circle([16, 14], 2), colour: WHITE },
    { shape: circle([16, 23], 4), colour: WHITE },
  ]);
}

/** The hoods on both sides of a lamp: flat above, slanting back to the housing below. */
function visor(middle: number, fromMiddle: number, reach: number, top: number, height: number) {
  const left = middle - fromMiddle;
  return mirrored(
    polygon([
      [left - reach, top],
      [left, top],
      [left, top + height],
      [left - reach / 2, top + height / 2],
    ]),
    middle,
  );
}
