import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { jsonLine } from '../../bot/json-line.ts';

it.each(['plain', 'two\nlines', 'a\u2028b', 'a\u2029b', 'a\r\nb'])('is read back as one line: %j', async (text) => {
  const lines: string[] = [];
  for await (const line of createInterface({ input: Readable.from([jsonLine({ text })]) })) lines.push(line);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ text }]);
});
