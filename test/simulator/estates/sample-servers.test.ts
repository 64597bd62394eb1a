import { readFileSync } from 'node:fs';
import { sampleEstate } from '../../../simulator/estates/sample.ts';

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
