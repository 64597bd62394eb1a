import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonPieces } from '../../simulator/json-pieces.ts';
import { createStateFile } from '../../simulator/persistence.ts';

const machines = Array.from({ length: 1_501 }, (_, index) => ({ name: `machine ${index}`, tags: { 'a "b"': 'é' }, gone: undefined }));

test.each<[string, unknown]>([
  ['nothing', {}],
  ['an empty list', []],
  ['a text', 'a "b"'],
  ['null', null],
  ['a date', { at: new Date(0) }],
  ['what is undefined', { a: undefined, b: [undefined, 1], c: { d: undefined } }],
  ['exactly one batch', machines.slice(0, 500)],
  ['a batch and one', machines.slice(0, 501)],
  ['a state', { estate: { name: 'x', machines, empty: [] }, draws: 3, runCommands: [] }],
])('the pieces of %s are its JSON text', (_, value) => {
  expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
});

test('a large list comes in several pieces', () => {
  expect(Math.max(...[...jsonPieces({ machines })].map((piece) => piece.length))).toBeLessThan(JSON.stringify(machines).length / 2);
});

test('a state file holds the whole of it for its owner only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'state-'));
  try {
    const path = join(folder, 'estate.json');
    createStateFile(path, () => ({ machines })).save();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify({ machines })));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(createStateFile(path, () => null).load()).toEqual(JSON.parse(JSON.stringify({ machines })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
