// Draws the icons anew: node run.mjs manifest/draw-icons.ts
import { writeFileSync } from 'node:fs';
import { icons } from './icons.ts';
import { encodePng } from './png.ts';

for (const { file, draw } of icons) writeFileSync(new URL(file, import.meta.url), encodePng(draw()));
