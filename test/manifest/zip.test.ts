import { writeZip } from '../../manifest/zip.ts';
import { readZip } from './read-zip.ts';

const entries = [
  { name: 'a.json', data: Buffer.from('{"a":1}') },
  { name: 'empty.txt', data: Buffer.alloc(0) },
  { name: 'b-2.png', data: Buffer.from([0, 255, 80, 75, 1, 2]) },
];

describe('the zip file', () => {
  it('gives back the files that went in, in their order', () => {
    expect(readZip(writeZip(entries))).toEqual(entries);
  });

  it('is the same bytes for the same files', () => {
    expect(writeZip(entries)).toEqual(writeZip(entries.map(({ name, data }) => ({ name, data: Buffer.from(data) }))));
  });

  it.each(['icons/color.png', '../manifest.json', '', 'a\\b', 'ärger.json'])('takes no file named “%s”', (name) => {
    expect(() => writeZip([{ name, data: Buffer.from('x') }])).toThrow('cannot be the name of a file at the root');
  });
});
