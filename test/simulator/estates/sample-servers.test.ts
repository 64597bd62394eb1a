import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Estate } from '../../../simulator/estates/estate.ts';
import { loadEstate } from '../../../simulator/estates/load.ts';
import { migrationOf, SERVER_LIST } from '../../../simulator/estates/migration-of.ts';
import { sampleEstate } from '../../../simulator/estates/sample.ts';
import { serverListOf } from '../../../simulator/estates/server-list-of.ts';
import { startedOutside } from '../started-outside.ts';

const { machines } = sampleEstate(7, Date.parse('2026-03-02T09:00:00Z'));
const text = readFileSync(new URL('../../../simulator/estates/sample.servers.csv', import.meta.url), 'utf8');
const [heading, ...rows] = text
  .trimEnd()
  .split('\n')
  .map((line) => line.split(','));
const list = rows.map(([name = '', fqdn = '', owner = '', os = '']) => ({ name, fqdn, owner, os }));
const named = (name: string) => list.filter((row) => row.name.toLowerCase() === name.toLowerCase());

test('the server list has four columns and one row a name', () => {
  expect(heading).toEqual(['name', 'fqdn', 'owner', 'os']);
  expect(rows.filter((row) => row.length !== 4)).toEqual([]);
  expect(new Set(list.map(({ name }) => name.toLowerCase())).size).toBe(list.length);
});

test('it holds one server Azure has never seen', () => {
  const known = new Set(machines.map(({ name }) => name.toLowerCase()));
  expect(list.filter(({ name }) => !known.has(name.toLowerCase())).map(({ name }) => name)).toEqual(['srv-vault-01']);
});

test('it lacks two machines of Azure', () => {
  expect(machines.filter(({ name }) => named(name).length === 0).map(({ name }) => name)).toEqual(['dev-new-01', 'srv-jump-01']);
});

test('it cannot tell which of two machines of one name it means', () => {
  expect(named('srv-backup-01')).toHaveLength(1);
  expect(machines.filter(({ name }) => name === 'srv-backup-01')).toHaveLength(2);
});

test('it writes one name in another letter case than Azure', () => {
  const exact = new Set(machines.map(({ name }) => name));
  expect(list.filter(({ name }) => name !== 'srv-vault-01' && !exact.has(name)).map(({ name }) => name)).toEqual(['BR-ESB-01']);
});

test('it says of owner, system and address what Azure says, where both know', () => {
  for (const { name, fqdn, owner, os } of list) {
    const machine = machines.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!machine) continue;
    expect([name, owner]).toEqual([name, machine.tags['owner'] ?? '']);
    if (machine.os.name !== '') expect([name, machine.os.name.startsWith(os)]).toEqual([name, true]);
    if (machine.arc) expect([name, fqdn]).toEqual([name, machine.arc.fqdn]);
  }
  expect(named('br-esb-02')).toMatchObject([{ os: 'Windows Server 2016' }]);
  expect(named('legacy-fax')).toMatchObject([{ fqdn: '' }]);
});

describe('a rehearsal', () => {
  const sample = sampleEstate(7, Date.parse('2026-03-02T09:00:00Z'));
  const other = loadEstate('20', 7, Date.parse('2026-03-02T09:00:00Z'));
  const listIn = (estate: Estate) => (parse(migrationOf(estate)) as { serverList?: object }).serverList;

  test('of the sample comes with its server list, named by its migration file', () => {
    expect(serverListOf(sample)).toBe(text);
    expect(listIn(sample)).toMatchObject({ file: SERVER_LIST });
  });

  test('of the sample with subscriptions of its own comes with it too', () => {
    expect(listIn({ ...sample, subscriptions: sample.subscriptions.slice(1) })).toMatchObject({ file: SERVER_LIST });
  });

  test('of another estate has none, because nobody has listed its servers', () => {
    expect(serverListOf(other)).toBeNull();
    expect(listIn(other)).toBeUndefined();
    expect(listIn({ ...other, subscriptions: sample.subscriptions })).toBeUndefined();
  });

  test('finds both files in its data folder', async () => {
    const outside = await startedOutside();
    expect(readFileSync(join(dirname(outside.ready.migrationFile), SERVER_LIST), 'utf8')).toBe(text);
    await outside.end();
  });
});
