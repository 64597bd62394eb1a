import { parseMigration } from '../../services/migration-file.ts';
import { migrationOf, wholeFile } from '../support/whole-migration.ts';

const TENANT = '8c1d6f3a-52b4-4e0b-9a77-3f60c5e1d204';
const GUEST_TENANT = 'e4b7a9c2-1d58-4f36-8b0e-92d7c6a5f311';
const INGRID = '1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001';
const TOMAS = '6fc150a7-b364-418d-a452-a073dfe91006';

const swap = (from: string | RegExp, to: string) => {
  const text = wholeFile.replace(from, to);
  if (text === wholeFile) throw new Error('nothing was swapped');
  return text;
};
const section = (name: string) => new RegExp(`^${name}:.*\\n(?: .*\\n)*`, 'm');
const without = (...names: string[]) => names.reduce((text, name) => text.replace(section(name), ''), wholeFile);
/** What is wrong, as `path: expected`; each must stand in the line the path leads to. */
function errors(text: string): string[] {
  const parsed = parseMigration(text, 'migration.yaml');
  return parsed.kind === 'ok' ? [] : parsed.errors.map(({ path, expected }) => `${path}: ${expected}`);
}
function places(text: string): string[] {
  const lines = text.split('\n');
  const parsed = parseMigration(text, 'migration.yaml');
  return parsed.kind === 'ok' ? [] : parsed.errors.map(({ line, column }) => (lines[line - 1] ?? '').slice(column - 1));
}

describe('the example of the documentation', () => {
  const migration = migrationOf(wholeFile);

  it('gives everybody their identity, with the channel’s tenant unless said', () => {
    expect(migration.requesters).toEqual([
      { objectId: '4daf3e85-9142-4f6b-8230-8e51bdc7f004', tenantId: TENANT, name: 'Lukas Novak' },
      { objectId: '81e372c9-d586-43af-8674-c295f10b3008', tenantId: GUEST_TENANT, name: 'Sam Porter' },
    ]);
    expect(migration.scheduleOwners).toEqual([{ objectId: TOMAS, tenantId: TENANT, name: 'Tomas Rivera' }]);
    expect(migration.alternates).toEqual({
      afterHours: 4,
      people: [{ objectId: TOMAS, tenantId: TENANT, name: 'Tomas Rivera', role: 'Programme manager' }],
    });
    expect(migration.attesters).toEqual({ 'arc-connected': [expect.objectContaining({ name: 'Priya Nair', tenantId: TENANT })] });
    expect(migration.owners).toEqual({
      tag: 'owner',
      people: { 'erp-team': [expect.objectContaining({ name: 'Mette Lund' }), expect.objectContaining({ name: 'Priya Nair' })] },
    });
  });

  it('gives each class what it says, and the rest by its class', () => {
    expect(migration.signOff).toEqual({
      'read-only': {
        quorum: 1,
        distinctRoles: 1,
        typeCount: false,
        ownersSign: false,
        expiryHours: 24,
        inWindow: false,
        ticketNeeded: false,
      },
      reversible: {
        quorum: 2,
        distinctRoles: 2,
        typeCount: true,
        ownersSign: true,
        expiryHours: 48,
        inWindow: true,
        ticketNeeded: true,
      },
      irreversible: {
        quorum: 3,
        distinctRoles: 2,
        typeCount: true,
        ownersSign: false,
        expiryHours: 24,
        inWindow: true,
        ticketNeeded: false,
      },
    });
  });

  it('gives windows and freezes', () => {
    expect(migration.windows).toEqual([
      { name: 'nights', days: ['mon', 'tue', 'wed', 'thu'], from: '22:00', until: '04:00', rings: null },
      { name: 'canary afternoons', days: ['tue'], from: '13:00', until: '16:00', rings: ['canary'] },
    ]);
    expect(migration.freezes).toEqual([
      { from: Date.parse('2026-12-18T17:00:00Z'), until: Date.parse('2027-01-04T07:00:00Z'), reason: 'year-end' },
    ]);
    expect(migration.waves).toMatchObject({ maxFailedShare: 0.4, soakMinutes: 1_440 });
  });
});

describe('what the file leaves out', () => {
  it('is a quorum of two for every class when there are two approvers', () => {
    const { signOff } = migrationOf(without('quorum', 'signOff'));
    expect(Object.values(signOff).map(({ quorum }) => quorum)).toEqual([2, 2, 2]);
  });

  it('is never less than two signatures and two roles for what cannot be taken back', () => {
    const { signOff } = migrationOf(without('signOff').replace(/^quorum: 2$/m, 'quorum: 1'));
    expect(signOff).toMatchObject({ reversible: { quorum: 1 }, irreversible: { quorum: 2, distinctRoles: 2, typeCount: true } });
  });

  it('is a window for changes as soon as there are windows, and never for what only reads', () => {
    const inWindow = (text: string) => Object.values(migrationOf(text).signOff).map((policy) => policy.inWindow);
    expect(inWindow(without('signOff'))).toEqual([false, true, true]);
    expect(inWindow(without('signOff', 'windows'))).toEqual([false, false, false]);
    expect(inWindow(swap('irreversible: {', 'irreversible: { inWindow: false,'))).toEqual([false, true, false]);
  });

  it('keeps a file with one approver who signs alone', () => {
    const alone = without('signOff', 'people').replace(
      /^approvers:.*\n(?: .*\n)*/m,
      `approvers: [{ id: ${INGRID}, name: I, role: Lead }]\n`,
    );
    expect(errors(alone.replace(/^quorum: 2$/m, 'quorum: 1'))).toEqual([]);
    const silent = alone.replace(/^quorum: 2\n/m, '');
    expect(errors(silent)).toEqual([
      'quorum: a quorum, or a second approver: it is 2 unless the file says so, and there is only 1 approver',
    ]);
  });

  it('spells a window’s ring as the ring is spelled', () => {
    expect(migrationOf(swap('rings: [canary]', 'rings: [CANARY]')).windows[1]?.rings).toEqual(['canary']);
  });
});

describe('a mistake', () => {
  const person = (id: string, more = '') => `{ id: ${id}, name: X${more} }`;

  it.each<[string, string, string[], string]>([
    [
      'a class’s quorum nobody reaches',
      swap('irreversible: { quorum: 3', 'irreversible: { quorum: 4'),
      ['signOff.irreversible.quorum: a quorum the approvers can reach: there are only 3 approvers'],
      '4, distinctRoles',
    ],
    [
      'a quorum of one for what cannot be taken back',
      swap('irreversible: { quorum: 3', 'irreversible: { quorum: 1'),
      ['signOff.irreversible.quorum: a whole number of signatures from 2 to 100'],
      '1, distinctRoles',
    ],
    [
      'one role for what cannot be taken back',
      swap('quorum: 3, distinctRoles: 2', 'quorum: 3, distinctRoles: 1'),
      ['signOff.irreversible.distinctRoles: a whole number of roles from 2 to 100'],
      '1 }',
    ],
    [
      'an irreversible change without the count typed',
      swap('irreversible: {', 'irreversible: { typeCount: false,'),
      ['signOff.irreversible.typeCount: true: an irreversible change counts only with the number of targets typed'],
      'false, quorum',
    ],
    [
      'more roles than there are',
      swap('role: Service owner', 'role: SECURITY lead ').replace('quorum: 3, distinctRoles: 2', 'quorum: 3, distinctRoles: 3'),
      ['signOff.irreversible.distinctRoles: as many roles as the approvers have: they have only 2 roles'],
      '3 }',
    ],
    [
      'a window for a ring that is not there',
      swap('rings: [canary]', 'rings: [canary, pilot]'),
      ['windows.1.rings.1: one of the rings canary, broad'],
      'pilot]',
    ],
    ['a window for no ring', swap('rings: [canary]', 'rings: []'), ['windows.1.rings: at least one ring, or no key rings for all'], '[] }'],
    ['a window’s ring twice', swap('rings: [canary]', 'rings: [canary, Canary]'), ['windows.1.rings.1: each ring once'], 'Canary]'],
    ['a window’s day twice', swap('days: [tue]', 'days: [tue, tue]'), ['windows.1.days.1: each day once'], 'tue], from'],
    ['two windows of one name', swap('canary afternoons', 'Nights'), ['windows.1: a different name for each window'], '{ name: Nights'],
    [
      'a window that ends at no time',
      swap('until: "04:00"', 'until: "24:00"'),
      ['windows.0.until: a time such as "08:00", from 00:00 to 23:59'],
      '"24:00"',
    ],
    [
      'a freeze that ends before it begins',
      swap('until: 2027-01-04 08:00', 'until: 2026-12-18 18:00'),
      ['freezes.0.until: an end that is later than the beginning'],
      '2026-12-18 18:00, reason',
    ],
    [
      'a freeze from a day no calendar has',
      swap('from: 2026-12-18 18:00', 'from: 2026-02-30 18:00'),
      ['freezes.0.from: a date and a time of the migration’s zone such as 2026-12-18 18:00'],
      '2026-02-30',
    ],
    [
      'a freeze that begins at 24:00',
      swap('from: 2026-12-18 18:00', 'from: 2026-12-18 24:00'),
      ['freezes.0.from: a date and a time of the migration’s zone such as 2026-12-18 18:00'],
      '2026-12-18 24:00',
    ],
    [
      'a requester twice',
      swap('81e372c9-d586-43af-8674-c295f10b3008', '4DAF3E85-9142-4f6b-8230-8e51bdc7f004').replace(GUEST_TENANT, TENANT),
      ['people.requesters.1: each requester once'],
      '{ id: 4DAF',
    ],
    [
      'an attester twice',
      swap('    arc-connected:\n', `    arc-connected:\n      - ${person('70d261b8-c475-429e-b563-b184e0fa2007')}\n`),
      ['people.attesters.arc-connected.1: each attester of a step once'],
      '{ id: 70d261b8-c475-429e-b563-b184e0fa2007, name: Priya',
    ],
    [
      'a schedule owner twice',
      swap('  scheduleOwners:\n', `  scheduleOwners:\n    - ${person(TOMAS)}\n`),
      ['people.scheduleOwners.1: each schedule owner once'],
      `{ id: ${TOMAS}, name: Tomas Rivera }`,
    ],
    [
      'an owner twice',
      swap('      erp-team:\n', `      erp-team:\n        - ${person('5eb04f96-a253-407c-9341-9f62ced80005')}\n`),
      ['people.owners.people.erp-team.1: each owner once'],
      '{ id: 5eb04f96-a253-407c-9341-9f62ced80005, name: Mette',
    ],
    [
      'an alternate twice',
      swap('    afterHours: 4\n    people:\n', `    people:\n      - ${person(TOMAS, ', role: Y')}\n`),
      ['people.alternates.people.1: each alternate once'],
      `{ id: ${TOMAS}, name: Tomas`,
    ],
    [
      'an alternate who is an approver',
      swap(`{ id: ${TOMAS}, name: Tomas Rivera, role`, `{ id: ${INGRID}, name: Tomas Rivera, role`),
      ['people.alternates.people.0: somebody who is not an approver already'],
      `{ id: ${INGRID}, name: Tomas`,
    ],
    [
      'an alternate without a role',
      swap(', role: Programme manager', ''),
      ['people.alternates.people.0.role: the alternate’s role'],
      `{ id: ${TOMAS}, name: Tomas Rivera }`,
    ],
    [
      'owners who sign when nobody says who they are',
      swap(/ {2}owners:\n(?: {4}.*\n)*/, ''),
      ['signOff.reversible.ownersSign: false, or people.owners to say who the owners are'],
      'true, expiryHours',
    ],
    [
      'a window that is asked for and not there',
      without('windows'),
      ['signOff.reversible.inWindow: false, or at least one window'],
      'true, tick',
    ],
    [
      'a step that has no such id',
      swap('arc-connected:', 'Arc connected:'),
      ['people.attesters.Arc connected: the id of a step, such as arc-connected'],
      'Arc connected:',
    ],
    [
      'a step nobody may vouch for',
      swap(/arc-connected:\n.*\n/, 'arc-connected: []\n'),
      ['people.attesters.arc-connected: at least one person'],
      '[]',
    ],
    [
      'a step called __proto__',
      swap('arc-connected:', '__proto__:'),
      ['people.attesters.__proto__: the id of a step, such as arc-connected'],
      '__proto__:',
    ],
    [
      'an owner value called __proto__',
      swap('erp-team:', '__proto__:'),
      ['people.owners.people.__proto__: a value of the tag, without blanks around it, at most 256 characters'],
      '__proto__:',
    ],
    [
      'an owner value in two letter cases',
      swap('      erp-team:\n', `      ERP-Team:\n        - ${person(INGRID)}\n      erp-team:\n`),
      ['people.owners.people.erp-team: each value of the tag once'],
      'erp-team:',
    ],
    [
      'nobody who may request',
      swap(/ {2}requesters:\n(?: {4}.*\n)*/, '  requesters: []\n'),
      ['people.requesters: at least one person'],
      '[]',
    ],
    [
      'an unknown class',
      swap('read-only:', 'readonly:'),
      ['signOff.readonly: one of the keys read-only, reversible, irreversible; there is no "readonly"'],
      'readonly:',
    ],
    ['a yes that is none', swap('ownersSign: true', 'ownersSign: yes'), ['signOff.reversible.ownersSign: true or false'], 'yes, expiry'],
    [
      'a long soak',
      swap('soakMinutes: 1440', 'soakMinutes: 10081'),
      ['waves.soakMinutes: a whole number of minutes from 0 to 10080'],
      '10081',
    ],
    [
      'a failed share above one',
      swap('maxFailedShare: 0.4', 'maxFailedShare: 40'),
      ['waves.maxFailedShare: a share from 0 to 1'],
      '40, maxDropped',
    ],
  ])('%s is told with its place', (_, text, expected, place) => {
    expect(errors(text)).toEqual(expected);
    expect(places(text)[0]?.slice(0, place.length)).toBe(place);
  });

  it('does not hide the others', () => {
    const text = swap('Europe/Berlin', 'Nowhere')
      .replace('until: 2027-01-04', 'until: 2026-01-04')
      .replace('rings: [canary]', 'rings: [pilot]')
      .replace('quorum: 3', 'quorum: 9')
      .replace('arc-connected', '-');
    expect(errors(text).map((line) => line.split(':')[0])).toEqual([
      'timeZone',
      'people.attesters.-',
      'signOff.irreversible.quorum',
      'windows.1.rings.0',
      'freezes.0.until',
    ]);
  });
});

describe('a freeze when the clocks change', () => {
  const freeze = (from: string, until: string) => {
    const [found] = migrationOf(swap('from: 2026-12-18 18:00, until: 2027-01-04 08:00', `from: ${from}, until: ${until}`)).freezes;
    return [found?.from, found?.until].map((instant) => new Date(instant ?? 0).toISOString());
  };

  it('begins and ends at the change where its time is skipped', () => {
    expect(freeze('2027-03-28 02:30', '2027-03-29 00:00')).toEqual(['2027-03-28T01:00:00.000Z', '2027-03-28T22:00:00.000Z']);
    expect(freeze('2027-03-27 00:00', '2027-03-28 02:30')).toEqual(['2027-03-26T23:00:00.000Z', '2027-03-28T01:00:00.000Z']);
  });

  it('begins the first time and ends the second where its time is repeated', () => {
    expect(freeze('2026-10-25T02:30', '2026-10-26 00:00')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(freeze('2026-10-24 00:00', '2026-10-25 02:30')).toEqual(['2026-10-23T22:00:00.000Z', '2026-10-25T01:30:00.000Z']);
    expect(freeze('2026-10-25 02:00', '2026-10-25 03:00')).toEqual(['2026-10-25T00:00:00.000Z', '2026-10-25T02:00:00.000Z']);
  });
});
