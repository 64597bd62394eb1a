import type { Icon } from './icons.ts';
import type { Picture } from './picture.ts';
import { decodePng } from './png.ts';

const REDRAW = 'Draw it again with: node run.mjs manifest/draw-icons.ts';

/** What is wrong with an icon file, each with what to do; empty when it is as Teams wants it. */
export function iconProblems({ file, size }: Icon, bytes: Uint8Array): readonly string[] {
  const picture = read(bytes);
  if (typeof picture === 'string') return [`manifest/${file}: ${picture}. ${REDRAW}`];
  const { width, height } = picture;
  if (width !== size || height !== size)
    return [`manifest/${file}: it is ${width}x${height} pixels and must be ${size}x${size}. ${REDRAW}`];
  return rules[file](picture).map((problem) => `manifest/${file}: ${problem}. ${REDRAW}`);
}

const rules: Readonly<Record<Icon['file'], (picture: Picture) => readonly string[]>> = {
  'color.png': solid,
  'outline.png': whiteOnNothing,
};

function read(bytes: Uint8Array): Picture | string {
  if (bytes.length === 0) return 'the file is missing or empty';
  try {
    return decodePng(bytes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function solid({ pixels }: Picture): readonly string[] {
  return pixels.some((value, at) => at % 4 === 3 && value !== 255) ? ['its background must be one solid square, nothing see-through'] : [];
}

function whiteOnNothing({ width, pixels }: Picture): readonly string[] {
  const opacities = pixels.filter((_, at) => at % 4 === 3);
  const coloured = opacities.findIndex((opacity, at) => opacity > 0 && pixels.subarray(at * 4, at * 4 + 3).some((value) => value !== 255));
  const found: string[] = [];
  if (coloured >= 0) {
    found.push(`only pure white is allowed, and the pixel at ${coloured % width},${Math.floor(coloured / width)} has another colour`);
  }
  if (!opacities.includes(0)) found.push('its background must be transparent');
  if (!opacities.includes(255)) found.push('nothing is drawn on it');
  return found;
}
