import { footerText } from '../../cards/sources.ts';
import { frame } from './support/frames.ts';

it.each([
  ['Defender extensions', 'Azure Resource Graph', 'Defender extensions (Azure Resource Graph): never read.'],
  ['Defender machines list', 'Defender machines list', 'Defender machines list: never read.'],
  ['probe of the machine', 'probe', 'probe of the machine: never read.'],
])('a source is named beside what it told, and not twice: %s by %s', (words, source, line) => {
  const footed = { blindSpot: [], sources: [{ words, source, readAt: null, failure: null }] };
  expect([footerText(footed, frame)].flat(4)).toContain(line);
});
