import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerList } from '../../core/facts/server-list.ts';
import type { JsonObject } from '../../core/json.ts';
import { ORGANISATION } from '../../core/snapshot.ts';
import { createServerListCollector } from '../../services/server-list.ts';
import { parseServerList } from '../../services/server-list-rows.ts';
import { NOW } from '../support/facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenlight-list-'));
const file = join(folder, 'servers.csv');
const DAY = Date.UTC(2026, 10, 19, 23);
const logged: JsonObject[] = [];
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, error: ignore, warn: (_words: string, data: JsonObject = {}) => void logged.push(data) };
let source: { file: string; asOf: number; attestedBy: string } | null;

const collect = createServerListCollector({ source: () => source, clock: { now: () => NOW }, log });

async function read() {
  const collection = await collect();
  return { ...collection, list: collection.subjects[ORGANISATION] };
}

beforeEach(() => {
  source = { file, asOf: DAY, attestedBy: 'Priya Nair' };
  logged.length = 0;
  rmSync(file, { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD = 'name,fqdn,owner,os\nsrv-01,SRV-01.corp.example,mette@corp.example,Windows Server 2019\nsrv-02,,,\n';

test('none: without a list in the migration file nothing is loaded, and that is no failure', async () => {
  source = null;
  expect(await read()).toMatchObject({ list: { state: 'read', value: { loaded: false }, observedAt: NOW }, failure: null });
});

test('good: servers with the day, the person and the hash of the bytes', async () => {
  writeFileSync(file, GOOD);
  const value: ServerList = {
    loaded: true,
    asOf: DAY,
    attestedBy: 'Priya Nair',
    sha256: createHash('sha256').update(GOOD).digest('hex'),
    servers: [
      { name: 'srv-01', fqdn: 'srv-01.corp.example', owner: 'mette@corp.example', os: 'Windows Server 2019' },
      { name: 'srv-02', fqdn: '', owner: '', os: '' },
    ],
  };
  const { list, failure, source: said } = await read();
  expect(list).toEqual({ state: 'read', value, source: 'servers.csv', observedAt: NOW });
  expect([failure, said]).toEqual([null, 'servers.csv']);
});

test('another version of the migration file may name another list', async () => {
  writeFileSync(file, GOOD);
  expect((await read()).list).toMatchObject({ value: { loaded: true } });
  source = null;
  expect((await read()).list).toMatchObject({ value: { loaded: false } });
});

test.each<[string, () => void, RegExp, RegExp]>([
  ['is not there', ignore, /servers\.csv is not there/, /take serverList out/],
  ['is a folder', () => mkdirSync(file), /cannot be read \(no file\)/, /Let the user/],
  ['is too large', () => writeFileSync(file, Buffer.alloc(5 * 1_048_576 + 1, 'a')), /larger than 5 MB/, /one line a server/],
  ['is in another encoding', () => writeFileSync(file, Buffer.from('name\nn\xf8rre\n', 'latin1')), /not text in UTF-8/, /CSV UTF-8/],
  ['has a mistake', () => writeFileSync(file, 'name,os\nsrv-01,x\n,y\n'), /cannot be used: line 3: expected the name of a server/, /Mend/],
])('unread: a list that %s says what mends it, and nothing of the folder', async (_name, prepare, reason, fix) => {
  prepare();
  const { list, failure } = await read();
  expect(list).toMatchObject({ state: 'unread', reason: expect.stringMatching(reason), fix: expect.stringMatching(fix), since: NOW });
  expect(failure).toEqual(list);
  expect(JSON.stringify(list)).not.toContain(folder);
});

test('every mistake stands in the log, the first three on the card', async () => {
  writeFileSync(file, `name\n${Array.from({ length: 8 }, () => 'srv-01').join('\n')}\n`);
  const { list } = await read();
  expect(list).toMatchObject({ reason: expect.stringMatching(/line 3: .*; line 4: .*; line 5: .*; and 4 more$/) });
  expect(logged.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9]);
});

describe('the rows', () => {
  const servers = (text: string) => {
    const parsed = parseServerList(text);
    return parsed.kind === 'ok' ? parsed.servers : parsed.mistakes;
  };

  test('may stand in any order, under headings in any letter case, between semicolons', () => {
    expect(servers('OS; Name ;FQDN;Owner\nUbuntu; srv-01 ;srv-01.corp.example;\n')).toEqual([
      { name: 'srv-01', fqdn: 'srv-01.corp.example', owner: '', os: 'Ubuntu' },
    ]);
  });

  test('are data, whatever they look like', () => {
    const owner = `=HYPERLINK("http://evil.example";"x")`;
    expect(servers(`name,owner\n@SUM(1+1)*cmd|' /C calc'!A0,"${owner.replaceAll('"', '""')}"\n**srv**,[x](http://evil.example)\n`)).toEqual(
      [
        { name: `@SUM(1+1)*cmd|' /C calc'!A0`, fqdn: '', owner, os: '' },
        { name: '**srv**', fqdn: '', owner: '[x](http://evil.example)', os: '' },
      ],
    );
  });

  test('may share a name in two domains', () => {
    expect(servers('name,fqdn\nweb,web.a.example\nWEB,web.b.example\n')).toHaveLength(2);
  });

  const columns = 'the column name, each column once, and none but name, fqdn, owner and os';
  const once = 'each server once; two of one name each need an fqdn of their own';
  test.each<[string, string, { line: number; expected: string }[]]>([
    ['no heading', '', [{ line: 1, expected: columns }]],
    ['a heading without names', 'fqdn,os\na,b\n', [{ line: 1, expected: columns }]],
    ['a heading that is spelt otherwise', 'name,owners\na,b\n', [{ line: 1, expected: columns }]],
    ['a heading twice', 'name,os,OS\na,b,c\n', [{ line: 1, expected: columns }]],
    ['a heading after a blank line', '\n\nhost\na\n', [{ line: 3, expected: columns }]],
    ['a row with too few cells', 'name,os\na\n', [{ line: 2, expected: '2 cells, and there are 1' }]],
    ['a row with too many cells', 'name,os\na,b,c\n', [{ line: 2, expected: '2 cells, and there are 3' }]],
    [
      'a line break in a cell',
      'name,os\n"a\nb",c\nd\n',
      [
        { line: 2, expected: 'text without control characters or line breaks' },
        { line: 4, expected: '2 cells, and there are 1' },
      ],
    ],
    ['a long cell', `name,os\na,${'x'.repeat(256)}\n`, [{ line: 2, expected: 'cells of at most 255 characters' }]],
    ['a server twice', 'name\na\nA\n', [{ line: 3, expected: once }]],
    ['a name twice, once without a domain', 'name,fqdn\na,a.x\na,\n', [{ line: 3, expected: once }]],
    ['two names for one domain name', 'name,fqdn\na,a.x\nb,A.X\n', [{ line: 3, expected: once }]],
    ['a quote that is not closed', 'name\n"a\n', [{ line: 2, expected: 'a quote that is closed again' }]],
  ])('%s is a mistake with its line', (_name, text, expected) => {
    expect(servers(text)).toEqual(expected);
  });

  test('are 200,000 at most', () => {
    const rows = (many: number) => `name\n${Array.from({ length: many }, (_, index) => `s${index}`).join('\n')}\n`;
    expect(servers(rows(200_000))).toHaveLength(200_000);
    expect(servers(rows(200_001))).toEqual([{ line: 200_002, expected: 'at most 200,000 servers' }]);
  });
});
