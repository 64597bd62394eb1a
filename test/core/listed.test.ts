import type { ListedServer } from '../../core/facts/server-list.ts';
import type { Shown } from '../../core/listed.ts';
import { compareWithList, isListed } from '../../core/listed.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { machineFacts, NOW, snapshotOf } from '../support/facts.ts';

const server = (name: string, fqdn = '', over: Partial<ListedServer> = {}): ListedServer => ({ name, fqdn, owner: '', os: '', ...over });
const machine = (name: string, fqdn = '', id = `/m/${name}/${fqdn}`): Shown => ({ id, name, fqdn });
function compare(servers: readonly ListedServer[], machines: readonly Shown[]) {
  const { missing, unlisted, unclear } = compareWithList(servers, machines, 'owner');
  return { missing: missing.map(({ id }) => id), unlisted, unclear };
}
const all = { missing: [], unlisted: [], unclear: [] };

describe('a listed server is a machine of Azure', () => {
  test.each<[string, ListedServer, Shown]>([
    ['of its name', server('srv-01'), machine('srv-01')],
    ['of its name, where an older release kept no domain', server('srv-01', 'srv-01.corp.example'), { id: '/m/1', name: 'srv-01' }],
    ['of its name in another letter case', server('SRV-01'), machine('srv-01')],
    ['of its domain name, whatever Azure calls it', server('old', 'srv-01.corp.example'), machine('new', 'SRV-01.corp.example')],
    ['whose name in Azure is the domain name', server('srv-01', 'srv-01.corp.example'), machine('srv-01.corp.example')],
    ['when the list has the domain name as the name', server('srv-01.corp.example'), machine('x', 'srv-01.corp.example')],
    ['of its name, when only the list knows the domain', server('srv-01', 'srv-01.corp.example'), machine('SRV-01')],
    ['of its name, when only Azure knows the domain', server('srv-01'), machine('srv-01', 'srv-01.corp.example')],
    ['of its name, when Azure reports a host name for a domain name', server('srv-01', 'srv-01.corp.example'), machine('srv-01', 'srv-01')],
  ])('%s', (_name, listed, shown) => {
    expect(compare([listed], [shown])).toEqual(all);
  });

  test('and of no other domain', () => {
    expect(compare([server('web', 'web.a.example')], [machine('web', 'web.b.example')])).toEqual({
      missing: ['listed:web'],
      unlisted: ['web'],
      unclear: [],
    });
  });

  test('and the other of two machines of one name is on nobody’s list when their domains tell them apart', () => {
    expect(compare([server('web', 'web.a.example')], [machine('web', 'web.b.example'), machine('web', 'web.a.example')])).toEqual({
      ...all,
      unlisted: ['web'],
    });
  });

  test('two listed servers of one name are told apart by what one machine says of its domain', () => {
    const machines = [machine('web', 'web.a.example'), machine('web')];
    expect(compare([server('web', 'web.a.example'), server('web', 'web.b.example')], machines)).toEqual(all);
  });
});

describe('what cannot be told apart is neither missing nor unlisted', () => {
  test('one server, two machines of its name', () => {
    expect(compare([server('bk')], [machine('bk', '', '/m/1'), machine('BK', '', '/m/2')])).toEqual({
      ...all,
      unclear: [{ servers: ['bk'], machines: ['bk', 'BK'] }],
    });
  });

  test('one server, two machines of its name, each told by its resource group where that is known', () => {
    const [here, there] = [
      { ...machine('bk', '', '/m/1'), resourceGroup: 'rg-a' },
      { ...machine('bk', '', '/m/2'), resourceGroup: 'rg-b' },
    ];
    expect(compare([server('bk')], [here, there]).unclear).toEqual([{ servers: ['bk'], machines: ['bk (rg-a)', 'bk (rg-b)'] }]);
  });

  test('two servers, one machine that does not say its domain', () => {
    expect(compare([server('web', 'web.a.example'), server('web', 'web.b.example')], [machine('web')])).toEqual({
      ...all,
      unclear: [{ servers: ['web', 'web'], machines: ['web'] }],
    });
  });

  test('one domain name that two machines report', () => {
    const machines = [machine('bk', 'bk.corp.example', '/m/1'), machine('bk-new', 'bk.corp.example', '/m/2')];
    expect(compare([server('bk', 'bk.corp.example')], machines).unclear).toEqual([{ servers: ['bk'], machines: ['bk', 'bk-new'] }]);
  });
});

describe('a server that Azure does not show', () => {
  const missing = (over: Partial<ListedServer>, tag = 'owner') =>
    compareWithList([server('Srv-09', 'srv-09.corp.example', over)], [machine('srv-01')], tag).missing[0]!;

  test('is a machine of its own kind, in lower case by its name, and nowhere in Azure', () => {
    expect(missing({})).toMatchObject({
      id: 'listed:srv-09',
      name: 'Srv-09',
      kind: 'listed',
      subscriptionId: '',
      resourceGroup: '',
      fqdn: 'srv-09.corp.example',
      tags: {},
    });
    expect([isListed('listed:srv-09'), isListed('/subscriptions/x')]).toEqual([true, false]);
  });

  test('has its domain for an id when its name is used twice', () => {
    const twice = [server('web', 'web.a.example'), server('WEB', 'web.b.example')];
    expect(compare(twice, []).missing).toEqual(['listed:web.a.example', 'listed:web.b.example']);
    expect(compare(twice, [machine('x', 'web.a.example')]).missing).toEqual(['listed:web.b.example']);
  });

  test('keeps its owner under the migration’s owner tag', () => {
    expect(missing({ owner: 'mette@corp.example' }, 'Team').tags).toEqual({ Team: 'mette@corp.example' });
  });

  test.each([
    ['Windows Server 2012 R2', 'windows-server-2012-r2'],
    ['Windows Server 2012', 'unsupported'],
    ['Microsoft Windows Server 2019 Datacenter', 'windows-server-2019'],
    ['Server 2025', 'windows-server-2025'],
    ['Windows Server 2008 R2', 'unsupported'],
    ['Ubuntu 22.04.5 LTS', 'linux'],
    ['Red Hat Enterprise Linux 9.4', 'linux'],
    ['RHEL8', 'linux'],
    ['SUSE Linux Enterprise 15 (2019)', 'linux'],
    ['Windows Server', null],
    ['to be found out', null],
    ['', null],
  ])('reads the system from “%s”', (os, expected) => {
    expect(missing({ os })).toMatchObject({ os: expected, osLabel: os });
  });
});

test('a hundred thousand servers are compared at once', () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `srv-${index}`);
  const machines = names.slice(1).map((name) => machine(name, `${name}.corp.example`));
  expect(
    compare(
      names.map((name) => server(name, `${name}.corp.example`)),
      [...machines, machine('other')],
    ),
  ).toEqual({
    missing: ['listed:srv-0'],
    unlisted: ['other'],
    unclear: [],
  });
});

describe('evidence about a server that Azure does not show', () => {
  const [facts] = compareWithList([server('srv-09')], [], 'owner').missing;
  const snapshot = snapshotOf([facts!, machineFacts()]);

  test('is what the list says', () => {
    expect(evidenceFor(snapshot, 'machine', 'listed:srv-09')).toMatchObject({ state: 'read', value: { kind: 'listed' } });
  });

  test('is unread for anything else, with what mends it', () => {
    expect(evidenceFor(snapshot, 'defender-extension', 'listed:srv-09')).toMatchObject({
      state: 'unread',
      reason: 'Azure does not show it',
      fix: 'Connect it through Azure Arc.',
      since: NOW,
    });
  });
});
