import type { ExclusionPolicies } from '../../../core/facts/devices.ts';
import { compareExclusions } from '../../../playbook/exclusions/compared.ts';
import { exclusionsHandOver, foundWords } from '../../../playbook/exclusions/hand-over.ts';
import { isForDevices, sameRule } from '../../../playbook/exclusions/membership-rule.ts';
import type { WantedExclusions } from '../../../playbook/exclusions/wanted.ts';
import { wantedExclusions } from '../../../playbook/exclusions/wanted.ts';
import { actionOptions, guestFacts, machineFacts, snapshotOf } from '../../support/facts.ts';

type Policy = ExclusionPolicies['policies'][number];
type Group = ExclusionPolicies['deviceGroups'][number];

const seen = (vendor: string) => ({ guest: guestFacts({ thirdParty: [{ vendor, running: true, traces: ['service'] }] }) });
const wanted = wantedExclusions(snapshotOf([machineFacts()], seen('CrowdStrike')))[0] as WantedExclusions;
const group = (more: Partial<Group> = {}): Group => ({ id: 'g', name: 'Servers', rule: wanted.group.rule, processing: true, ...more });
const assigned = (more: Partial<Group> = {}) => ({ ...group(more), members: 3 });
const policy = (more: Partial<Policy> = {}): Policy => ({
  id: 'p',
  name: 'Old product',
  platform: 'windows',
  paths: wanted.paths,
  processes: wanted.processes,
  extensions: [],
  toAllDevices: false,
  leavesOut: [],
  groups: [assigned()],
  ...more,
});
const compare = (policies: readonly Policy[], deviceGroups: readonly Group[] = [group()]) =>
  compareExclusions(wanted, { policies, deviceGroups });

describe('what is wanted', () => {
  it('is about the products seen on a platform’s servers, and nothing where none was', () => {
    expect(wantedExclusions(snapshotOf([machineFacts()], { guest: guestFacts() }))).toEqual([]);
    const both = snapshotOf([machineFacts(), machineFacts({ name: 'lin', os: 'linux' })], seen('Sophos'));
    expect(wantedExclusions(both).map(({ platform, vendors }) => [platform, vendors])).toEqual([
      ['windows', ['Sophos']],
      ['linux', ['Sophos']],
    ]);
  });

  it('is also about the products that the migration file has a removal script for', () => {
    const removal = { vendor: 'trellix', os: 'windows', script: { id: 'x', text: '', sha256: '' }, secrets: {}, minutes: 5 } as const;
    const options = {
      ...actionOptions(),
      removeThirdParty: { unprotectedMinutes: 30, scripts: [removal, { ...removal, vendor: 'Nobody’s' }] },
    };
    const [found, ...others] = wantedExclusions({ ...snapshotOf([machineFacts()], seen('CrowdStrike')), options });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ vendors: ['CrowdStrike', 'Nobody’s', 'Trellix'], unlisted: ['Nobody’s'] });
    expect(found!.paths).toEqual(expect.arrayContaining([...wanted.paths]));
    expect(found!.paths.length).toBeGreaterThan(wanted.paths.length);
  });

  it('counts the servers that nobody looked into', () => {
    expect(wantedExclusions(snapshotOf([machineFacts()], seen('ESET')))[0]?.unseen).toBe(0);
    const snapshot = snapshotOf([machineFacts(), machineFacts({ name: 'srv-02' })], seen('ESET'));
    const one = Object.fromEntries(Object.entries(snapshot.evidence.guest ?? {}).slice(0, 1));
    expect(wantedExclusions({ ...snapshot, evidence: { ...snapshot.evidence, guest: one } })[0]?.unseen).toBe(1);
  });
});

describe('the comparison', () => {
  it.each<[string, ReturnType<typeof compare>, object]>([
    ['nothing', compare([], []), { group: { state: 'missing' }, policy: { state: 'missing' } }],
    ['all of it', compare([policy()]), { group: { state: 'there' }, policy: { state: 'there', reach: 'servers' } }],
    ['a policy assigned to nobody', compare([policy({ groups: [] })]), { policy: { state: 'there', reach: 'nobody' } }],
    [
      'a policy assigned to laptops',
      compare([policy({ groups: [assigned({ rule: '(device.deviceOSType -eq "Windows")' })] })]),
      { policy: { reach: 'others' } },
    ],
    ['a policy that only leaves some out', compare([policy({ groups: [], leavesOut: ['Pilots'] })]), { policy: { reach: 'others' } }],
    ['a policy for all devices', compare([policy({ groups: [], toAllDevices: true })]), { policy: { reach: 'servers' } }],
    [
      'a paused group',
      compare([policy({ groups: [assigned({ processing: false })] })], [group({ processing: false })]),
      { group: { state: 'paused' }, policy: { reach: 'paused' } },
    ],
    [
      'a group of servers by their type alone',
      compare([policy({ groups: [assigned({ rule: '(device.deviceOSType -eq "Windows Server")' })] })], []),
      { group: { state: 'missing' }, policy: { reach: 'servers' } },
    ],
    [
      'the group of the other platform',
      compare([policy({ groups: [assigned({ rule: wanted.group.rule.replace('Windows Server', 'Linux') })] })]),
      { policy: { reach: 'others' } },
    ],
    [
      'a group of our name with another rule',
      compare([], [group({ name: wanted.group.name, rule: 'x' })]),
      { group: { state: 'other-rule', rule: 'x' } },
    ],
    [
      'a group of another name with the rule in another spelling',
      compare([], [group({ rule: 'device.deviceOSType -eq "windows server" and (device.managementType -eq \'microsoftsense\')' })]),
      { group: { state: 'there', name: 'Servers' } },
    ],
    ['a policy for Linux with the same entries', compare([policy({ platform: 'linux' })]), { policy: { state: 'missing' } }],
    [
      'entries in another spelling',
      compare([policy({ paths: wanted.paths.map((path) => `${path.toUpperCase().replace('C:\\PROGRAM FILES', '%ProgramFiles%')}\\*`) })]),
      { policy: { state: 'there' } },
    ],
    [
      'two policies that together hold it',
      compare([policy({ id: 'a', paths: [] }), policy({ id: 'b', processes: [], groups: [] })]),
      { policy: { state: 'there', reach: 'nobody' } },
    ],
  ])('finds %s', (_words, found, expected) => {
    expect(found).toMatchObject(expected);
  });

  it('tells by which entry a policy differs, and what it has beside', () => {
    const [first, ...rest] = wanted.paths;
    const { policy: found } = compare([policy({ paths: [...rest, 'D:\\Data'], extensions: ['tmp'] })]);
    expect(found).toMatchObject({ state: 'differs', lacks: [first], beside: ['D:\\Data', 'files ending in tmp'] });
  });

  it('goes by the same policy and group whatever order they are listed in', () => {
    const policies = [policy({ id: 'a', groups: [] }), policy({ id: 'b' }), policy({ id: 'c', name: wanted.policyName })];
    const groups = [group({ id: 'x', processing: false }), group({ id: 'z' }), group({ id: 'y', name: wanted.group.name })];
    expect(compare(policies, groups)).toEqual(compare(policies.toReversed(), groups.toReversed()));
    expect(compare(policies, groups)).toMatchObject({ group: { id: 'y' }, policy: { policies: [{ id: 'c' }] } });
  });
});

describe('the hand-over', () => {
  const lines = (...compared: Parameters<typeof exclusionsHandOver>[0]) =>
    exclusionsHandOver(compared, '').lists.flatMap((list) => [list.title, ...list.lines]);

  it('holds the rule and every entry word by word where nothing is there', () => {
    expect(lines(compare([], []))).toEqual(
      expect.arrayContaining([wanted.group.rule, ...wanted.paths, ...wanted.processes, `Name: ${wanted.policyName}`]),
    );
  });

  it('shows the differences of a policy that is left alone', () => {
    const shown = lines(compare([policy({ name: 'Theirs', paths: wanted.paths.slice(1) })]));
    expect(shown).toEqual(expect.arrayContaining(['Policy “Theirs” is left alone. It differs:', `lacks: ${wanted.paths[0]}`]));
  });

  it('asks for nothing where everything is there', () => {
    const found = compare([policy()]);
    expect(foundWords(found)).toBe('Windows: everything is there');
    expect(exclusionsHandOver([found], '').lists.map(({ title }) => title)).toEqual(['Windows: what is there']);
  });
});

describe('a membership rule', () => {
  it.each([
    ['(device.a -eq "1") and (device.b -eq "2")', 'device.B -eq "2" -and (device.a -eq \'1\')', true],
    ['(device.a -eq "1") and (device.b -eq "2")', '(device.a -eq "1")', false],
    ['(device.a -eq "1") and (device.b -eq "2")', '(device.a -eq "1") or (device.b -eq "2")', false],
    ['(device.a -eq "1")', 'not (device.a -eq "1")', false],
    ['(device.a -eq "1")', '', false],
  ])('%s and %s: the same is %s', (one, other, same) => {
    expect(sameRule(one, other)).toBe(same);
    expect(sameRule(other, one)).toBe(same);
  });

  it('is for servers when it names their type, or else who manages them', () => {
    expect(isForDevices('(device.managementType -eq "MicrosoftSense")', 'Linux')).toBe(true);
    expect(isForDevices('(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows")', 'Windows Server')).toBe(
      false,
    );
    expect(isForDevices('(device.deviceOSType -startsWith "Windows Server") or (device.x -eq "1")', 'Windows Server')).toBe(true);
    expect(isForDevices('', 'Linux')).toBe(false);
  });
});
