import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../core/hash.ts';
import { describeFileError, parseMigration, readMigration } from '../../services/migration-file.ts';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const ADA = '1b4e28ba-2fa1-4d3b-883f-0016d3cca427';
const BOB = '2c5ea4c0-4067-4fe5-8e2d-2a9a0c8a5b6e';

const good = `id: corp
name: Corp to Defender
timeZone: Europe/Copenhagen
channel:
  tenantId: ${TENANT.toUpperCase()}
  teamId: 19:team@thread.tacv2
  channelId: 19:channel@thread.tacv2
subscriptions:
  - id: aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa
    name: corp-prod
rings:
  - name: canary
    tag: ring=canary
  - name: broad
    tag: Ring=Broad
approvers:
  - id: ${ADA}
    name: Ada
    role: security
  - id: ${BOB}
    name: Bob
    role: operations
    tenantId: bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb
quorum: 2
`;

const parse = (text: string) => parseMigration(text, 'migration.yaml');
/** Errors as `line path: expected`. */
function errors(text: string): string[] {
  const parsed = parse(text);
  return parsed.kind === 'ok' ? [] : parsed.errors.map(({ line, path, expected }) => `${line} ${path}: ${expected}`);
}
const swap = (from: string | RegExp, to: string) => {
  const text = good.replace(from, to);
  if (text === good) throw new Error('nothing was swapped');
  return text;
};

test('reads a file and fills in the defaults', () => {
  const usual = {
    quorum: 2,
    distinctRoles: 1,
    typeCount: false,
    ownersSign: false,
    expiryHours: 24,
    inWindow: false,
    ticketNeeded: false,
  };
  const parsed = parse(good);
  expect(parsed).toEqual({
    kind: 'ok',
    migration: {
      id: 'corp',
      name: 'Corp to Defender',
      timeZone: 'Europe/Copenhagen',
      channel: { tenantId: TENANT, teamId: '19:team@thread.tacv2', channelId: '19:channel@thread.tacv2' },
      subscriptions: [{ id: 'aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa', name: 'corp-prod' }],
      rings: [
        { name: 'canary', tag: { name: 'ring', value: 'canary' } },
        { name: 'broad', tag: { name: 'Ring', value: 'Broad' } },
      ],
      approvers: [
        { objectId: ADA, tenantId: TENANT, name: 'Ada', role: 'security' },
        { objectId: BOB, tenantId: 'bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb', name: 'Bob', role: 'operations' },
      ],
      alternates: { afterHours: 4, people: [] },
      requesters: null,
      attesters: {},
      scheduleOwners: [],
      owners: null,
      signOff: { 'read-only': usual, reversible: usual, irreversible: { ...usual, distinctRoles: 2, typeCount: true } },
      windows: [],
      freezes: [],
      graceMinutes: 2,
      waves: { size: 10, concurrency: 5, stopAfterFailures: 2, maxFailedShare: 1, maxDroppedShare: 0.2, soakMinutes: 0 },
      digest: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], time: '08:00', mention: 'none' },
      serverList: null,
      switchedOff: {},
      options: expect.objectContaining({ removeThirdParty: { scripts: [], unprotectedMinutes: 60 } }),
      fileHash: sha256(good),
    },
  });
});

test('reads what is given over the defaults', () => {
  const more = 'waves:\n  size: 3\ndigest:\n  days: [mon, thu]\n  time: 07:30\n  mention: channel\nrequestExpiryHours: 48\n';
  expect(parse(good + more)).toMatchObject({
    migration: {
      waves: { size: 3, concurrency: 5 },
      digest: { days: ['mon', 'thu'], time: '07:30', mention: 'channel' },
      signOff: { 'read-only': { expiryHours: 48 }, reversible: { expiryHours: 48 }, irreversible: { expiryHours: 48 } },
    },
  });
});

test.each<[string, string, string]>([
  ['no approvers', swap(/approvers:[\s\S]*(?=quorum)/, 'approvers: []\n'), '16 approvers: at least one approver'],
  ['a quorum of none', swap('quorum: 2', 'quorum: 0'), '24 quorum: a whole number of signatures from 1 to 100'],
  ['half a quorum', swap('quorum: 2', 'quorum: 1.5'), '24 quorum: a whole number of signatures from 1 to 100'],
  ['a quorum nobody reaches', swap('quorum: 2', 'quorum: 3'), '24 quorum: a quorum the approvers can reach: there are only 2 approvers'],
  ['an unknown zone', swap('Europe/Copenhagen', 'Europe/Atlantis'), '3 timeZone: an IANA time zone such as Europe/Copenhagen'],
  ['a tag without a value', swap('ring=canary', 'canary'), '13 rings.0.tag: a tag in the form name=value, such as ring=canary'],
  [
    'a ring name with a meaning of its own',
    swap('name: broad', 'name: Unassigned'),
    '14 rings.1.name: another name: this one has a meaning of its own',
  ],
  ['two rings of one name', swap('name: broad', 'name: Canary'), '14 rings.1: a different name for each ring'],
  ['two rings of one tag', swap('Ring=Broad', 'RING=CANARY'), '14 rings.1: a different tag for each ring'],
  [
    'an approver who is not a GUID',
    swap(BOB, 'bob@corp.example'),
    '20 approvers.1.id: the approver’s object id in Entra, a GUID such as 1b4e28ba-2fa1-4d3b-883f-0016d3cca427',
  ],
  [
    'an unknown key',
    `${good}quorm: 2\n`,
    '25 quorm: one of the keys id, name, timeZone, channel, subscriptions, rings, serverList, switchedOff, actions, approvers, people, quorum, requestExpiryHours, signOff, windows, freezes, graceMinutes, waves, digest; there is no "quorm"',
  ],
  [
    'an unknown key deep inside',
    swap('    role: security', '    role: security\n    admin: true'),
    '20 approvers.0.admin: one of the keys id, name, role, tenantId; there is no "admin"',
  ],
  ['a missing key', swap('name: Corp to Defender\n', ''), '1 name: the name of the migration'],
  ['a missing key deep inside', swap('    role: security\n', ''), '17 approvers.0.role: the approver’s role'],
  ['a key given twice', `${good}quorum: 1\n`, '25 : YAML that can be read (Map keys must be unique)'],
  ['a late expiry', `${good}requestExpiryHours: 73\n`, '25 requestExpiryHours: a whole number of hours from 1 to 72'],
  ['no grace', `${good}graceMinutes: 0\n`, '25 graceMinutes: a whole number of minutes from 1 to 60'],
  ['a day twice', `${good}digest:\n  days: [mon, mon]\n`, '26 digest.days.1: each day once'],
  ['a time that is none', `${good}digest:\n  time: 24:00\n`, '26 digest.time: a time such as "08:00", from 00:00 to 23:59'],
  ['a share above one', `${good}waves:\n  maxDroppedShare: 20\n`, '26 waves.maxDroppedShare: a share from 0 to 1'],
])('%s is an error with its line', (_name, text, expected) => {
  expect(errors(text)).toEqual([expected]);
});

describe('a server list', () => {
  const listed = `${good}serverList: { file: lists/servers.csv, asOf: 2026-11-20, attestedBy: Priya Nair }\n`;

  test('lies where its path leads from the folder of the file, as of midnight in the migration’s zone', () => {
    expect(parseMigration(listed, 'migration.yaml', { folder: '/etc/greenlight' })).toMatchObject({
      migration: {
        serverList: { file: '/etc/greenlight/lists/servers.csv', asOf: Date.UTC(2026, 10, 19, 23), attestedBy: 'Priya Nair' },
      },
    });
  });

  test('may lie elsewhere', () => {
    const parsed = parseMigration(listed.replace('lists/servers.csv', '/srv/servers.csv'), 'migration.yaml', { folder: '/etc/greenlight' });
    expect(parsed).toMatchObject({ migration: { serverList: { file: '/srv/servers.csv' } } });
  });

  test.each([
    ['a day that no calendar has', '2026-11-31', '25 serverList.asOf: the day the list was drawn up, such as 2026-11-20'],
    ['a day with a time', '2026-11-20 10:00', '25 serverList.asOf: the day the list was drawn up, such as 2026-11-20'],
    ['a number for a day', '20261120', '25 serverList.asOf: the day the list was drawn up, such as 2026-11-20'],
  ])('%s is an error', (_name, day, expected) => {
    expect(errors(listed.replace('2026-11-20', day))).toEqual([expected]);
  });

  test('nobody who vouches for it is an error', () => {
    expect(errors(listed.replace(', attestedBy: Priya Nair', ''))).toEqual([
      '25 serverList.attestedBy: the name of who vouches for the list',
    ]);
  });
});

describe('a step that is switched off', () => {
  const off = `${good}switchedOff:\n  managed-by-defender: no user licence\n`;
  const refusal = (optionalSteps: string[]) => {
    const parsed = parseMigration(off, 'migration.yaml', { optionalSteps });
    return parsed.kind === 'ok' ? [] : parsed.errors.map(({ line, path, expected }) => `${line} ${path}: ${expected}`);
  };

  test('is kept with its reason where it is optional', () => {
    const parsed = parseMigration(off, 'migration.yaml', { optionalSteps: ['managed-by-defender'] });
    expect(parsed).toMatchObject({ migration: { switchedOff: { 'managed-by-defender': 'no user licence' } } });
  });

  test('is an error where it is not', () => {
    expect(refusal(['one', 'other'])).toEqual(['26 switchedOff.managed-by-defender: a step that may be switched off: one of one, other']);
    expect(refusal([])).toEqual(['26 switchedOff.managed-by-defender: a step that may be switched off: there is none']);
  });

  test.each([
    ['a blank reason', off.replace('no user licence', '""'), '26 switchedOff.managed-by-defender: the reason why the step is switched off'],
    [
      'no id of a step',
      off.replace('managed-by-defender', 'Managed?'),
      '26 switchedOff.Managed?: the id of a step, such as managed-by-defender',
    ],
  ])('%s is an error', (_name, text, expected) => {
    expect(errors(text)).toEqual([expected]);
  });
});

test('the same person in the same tenant is one approver, written out or not', () => {
  const twice = swap(BOB, ADA.toUpperCase()).replace('bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb', TENANT);
  expect(errors(twice)).toEqual([
    '20 approvers.1: each approver once',
    '24 quorum: a quorum the approvers can reach: there is only 1 approver',
  ]);
  expect(errors(swap(BOB, ADA))).toEqual([]);
});

test('every error at once, in the order of the file', () => {
  const text = swap('Europe/Copenhagen', 'Nowhere').replace('ring=canary', 'canary').replace('quorum: 2', 'quorum: 9').replace(ADA, 'x');
  expect(errors(text).map((line) => line.split(':')[0])).toEqual(['3 timeZone', '13 rings.0.tag', '17 approvers.0.id', '24 quorum']);
});

test('says it in one line', () => {
  const parsed = parse(swap('Europe/Copenhagen', 'Nowhere'));
  const [first] = parsed.kind === 'errors' ? parsed.errors : [];
  expect(first && describeFileError('migration.yaml', first)).toBe(
    'migration.yaml:3:11 timeZone: expected an IANA time zone such as Europe/Copenhagen',
  );
});

test.each([
  ['nothing', '', 'a migration'],
  ['words', 'hello', 'a migration'],
  ['a list', '- a', 'a migration'],
  ['broken YAML', 'a: [1, 2\nb: }', 'YAML that can be read'],
  ['two documents', `${good}---\n${good}`, 'YAML that can be read'],
  ['a tag that makes objects', 'id: !!js/function "x"', 'YAML that can be read'],
])('%s is an error, not a crash', (_name, text, expected) => {
  expect(errors(text).join('\n')).toContain(expected);
});

test('an alias bomb is refused without being blown up', () => {
  const levels = Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`);
  expect(errors(['a0: &a0 [x]', ...levels].join('\n')).join('\n')).toContain('aliases are not used');
});

test('a deep or huge file is refused', () => {
  expect(errors(`id: ${'x'.repeat(1_048_576)}`)).toEqual(['1 : a file of at most 1 MB']);
  expect(errors(`id: ${'['.repeat(5_000)}${']'.repeat(5_000)}`).length).toBeGreaterThan(0);
});

test('a key called __proto__ is an unknown key', () => {
  expect(errors(`${good}__proto__:\n  quorum: 1\n`).join('\n')).toContain('one of the keys');
});

describe('from disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-migration-'));

  test('reads a file', async () => {
    const path = join(folder, 'good.yaml');
    writeFileSync(path, good);
    expect(await readMigration(path)).toMatchObject({ kind: 'ok', migration: { fileHash: sha256(good) } });
  });

  test.each([
    ['a file that is not there', null, 'ENOENT'],
    ['a file that is not UTF-8', Buffer.from([0x69, 0x64, 0x3a, 0xff, 0xfe]), 'text in UTF-8'],
    ['a file that is too large', Buffer.alloc(1_048_577, 32), 'at most 1 MB'],
  ])('%s is an error', async (name, content, expected) => {
    const path = join(folder, `${name}.yaml`);
    if (content) writeFileSync(path, content);
    const parsed = await readMigration(path);
    expect(parsed.kind === 'errors' && parsed.errors[0]?.expected).toContain(expected);
  });
});
