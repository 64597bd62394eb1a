import type { Migration } from '../../core/migration.ts';
import { changesBetween, needsAcceptance } from '../../core/migration-changes.ts';
import type { Approver } from '../../core/person.ts';
import { utcWords } from '../../core/utc-words.ts';
import { actionOptions } from '../support/facts.ts';
import { migrationOf, wholeFile } from '../support/whole-migration.ts';

const whole = migrationOf(wholeFile);
/** The same with something in every list of what it says about actions. */
const filled: Migration = {
  ...whole,
  options: actionOptions({
    installDefenderFeature: { image: { path: 'D:\\install.wim', index: 1, sha256: 'a' }, withoutExclusions: 'a lab' },
    assignDefenderInitiative: {
      identity: { id: '/identity', location: 'westeurope' },
      exclude: ['/rg'],
      excludePublishers: ['databricks'],
      excludeImages: ['image'],
      message: 'not yet',
    },
    removeThirdParty: {
      scripts: [
        {
          vendor: 'CrowdStrike',
          os: 'windows',
          minutes: 20,
          script: { id: 'remove', text: 'exit 0', sha256: 'b', exits: { 3010: { done: true, words: 'done' } } },
          secrets: { Token: { ref: 'setting/token', sha256: 'c' } },
        },
      ],
      unprotectedMinutes: 60,
    },
  }),
};
/** What is derived from the rest of its entry: the text has its hash, the id comes from the vendor, the words are always the same. */
const DERIVED = /\.script\.(?:id|text|exits\.\d+\.(?:words|done))$/;
const words = (next: Migration, old = whole) => changesBetween(old, next).map((row) => row.words);
/** The rows for a file in which one piece of text stands in place of another. */
function swapped(from: string, to: string) {
  const text = wholeFile.replace(from, to);
  if (text === wholeFile) throw new Error('nothing was swapped');
  return changesBetween(whole, migrationOf(text));
}

type Path = readonly (string | number)[];
function leaves(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, Array.isArray(value) ? Number(key) : key]));
  return inside.length === 0 ? [path] : inside;
}
function lists(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) => lists(item, [...path, Array.isArray(value) ? Number(key) : key]));
  return Array.isArray(value) ? [path, ...inside] : inside;
}
function changedAt(value: unknown, [key, ...rest]: Path, change: (leaf: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const inside = changedAt((value as Record<string, unknown>)[key], rest, change);
  return Array.isArray(value) ? value.with(Number(key), inside) : { ...(value as object), [key]: inside };
}
const other = (leaf: unknown): unknown => {
  if (typeof leaf === 'number') return leaf + 60_000;
  if (typeof leaf === 'boolean') return !leaf;
  if (leaf === null) return ['broad'];
  if (typeof leaf !== 'string') throw new Error(`no way to change ${JSON.stringify(leaf)}`);
  return leaf === 'mon' ? 'sun' : `${leaf}x`;
};

const nothing = 'comments or layout only';

describe('the changes between two versions', () => {
  it.each(
    leaves(filled)
      .filter(([first]) => first !== 'fileHash')
      .map((path) => [path.join('.'), path] as const)
      .filter(([name]) => !DERIVED.test(name)),
  )('tell of %s', (_, path) => {
    const rows = changesBetween(filled, changedAt({ ...filled, fileHash: 'other' }, path, other) as Migration);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.words).not.toBe(nothing);
      expect(row.from).not.toBe(row.to);
    }
  });

  it.each(lists(filled).map((path) => [path.join('.'), path] as const))('tell of %s without its first entry', (_, path) => {
    const next = changedAt({ ...filled, fileHash: 'other' }, path, (list) => (list as unknown[]).slice(1)) as Migration;
    expect(words(next, filled)).not.toEqual([nothing]);
    expect(words(filled, next)).not.toEqual([nothing]);
  });

  it.each(['requesters', 'owners'] as const)('tell of %s that are taken out whole', (field) => {
    expect(words({ ...whole, [field]: null })).not.toEqual([]);
  });

  it('are none for the same file, and one row for comments alone', () => {
    expect(changesBetween(whole, migrationOf(wholeFile))).toEqual([]);
    expect(words(migrationOf(`# a word\n${wholeFile}`))).toEqual([nothing]);
  });

  it('are layout only when people, days or windows stand in another order', () => {
    const next = { ...whole, approvers: whole.approvers.toReversed(), windows: whole.windows.toReversed(), fileHash: 'other' };
    expect(words({ ...next, digest: { ...whole.digest, days: whole.digest.days.toReversed() } })).toEqual([nothing]);
  });

  it.each<[string, string, string, string[]]>([
    ['a quorum', 'reversible: { quorum: 2', 'reversible: { quorum: 1', ['quorum for reversible changes: 2 → 1']],
    [
      'a default of several classes',
      'requestExpiryHours: 24',
      'requestExpiryHours: 12',
      ['expiry of requests for read-only changes: 24 hours → 12 hours', 'expiry of requests for irreversible changes: 24 hours → 12 hours'],
    ],
    ['a ring’s tag', 'ring=canary', 'ring=c1', ['ring canary: tag ring=canary → ring=c1']],
    ['a role', 'role: Security lead', 'role: CISO', ['approver Ingrid Sørensen: role Security lead → CISO']],
    ['a name', 'name: Jonas Weber', 'name: J. Weber', ['approver: Jonas Weber (Infrastructure lead) → J. Weber (Infrastructure lead)']],
    [
      'a subscription',
      '  - { id: 8b3e4c62-2f50-4d9c-9e73-41a09f32c003, name: branch-arc }\n',
      '',
      ['subscription removed: branch-arc (8b3e4c62-2f50-4d9c-9e73-41a09f32c003)'],
    ],
    [
      'a window',
      '  - { name: canary afternoons, days: [tue], from: "13:00", until: "16:00", rings: [canary] }\n',
      '',
      ['window removed: canary afternoons (tue 13:00 to 16:00, rings canary)'],
    ],
    [
      'a window’s times',
      'until: "04:00"',
      'until: "05:00"',
      ['window nights: mon, tue, wed, thu 22:00 to 04:00, all rings → mon, tue, wed, thu 22:00 to 05:00, all rings'],
    ],
    [
      'a freeze',
      'reason: year-end }\n',
      'reason: year-end }\n  - { from: 2027-02-01 00:00, until: 2027-02-02 00:00, reason: audit }\n',
      ['freeze added: audit (2027-01-31 23:00 UTC to 2027-02-01 23:00 UTC)'],
    ],
    ['another server list', 'file: servers.csv', 'file: all.csv', ['server list: servers.csv → all.csv']],
    [
      'a list of the same name elsewhere',
      'file: servers.csv',
      'file: new/servers.csv',
      ['server list: servers.csv → servers.csv of another folder'],
    ],
    [
      'a newer server list',
      'asOf: 2026-11-20',
      'asOf: 2026-11-27',
      ['day of the server list: 2026-11-19 23:00 UTC → 2026-11-26 23:00 UTC'],
    ],
    [
      'a server list that is gone',
      'serverList: { file: servers.csv, asOf: 2026-11-20, attestedBy: Priya Nair }\n',
      '',
      ['server list: servers.csv, drawn up 2026-11-19 23:00 UTC, vouched for by Priya Nair → none'],
    ],
    [
      'a step that counts again',
      'switchedOff:\n  managed-by-defender: the licences do not cover users\n',
      '',
      ['step switched off removed: managed-by-defender (the licences do not cover users)'],
    ],
    ['a share', 'maxFailedShare: 0.4', 'maxFailedShare: 0.07', ['failed share of a wave that may be passed over: 40 % → 7 %']],
  ])('say %s in plain words', (_, from, to, expected) => {
    expect(swapped(from, to).map((row) => row.words)).toEqual(expected);
  });

  it('say who came and who went', () => {
    const ada: Approver = { objectId: 'a', tenantId: 't', name: 'Ada', role: 'Change manager' };
    expect(changesBetween(whole, { ...whole, approvers: [...whole.approvers, ada] })).toEqual([
      { what: 'people', words: 'approver added: Ada (Change manager)', from: '', to: 'Ada (Change manager)' },
    ]);
    expect(words(whole, { ...whole, approvers: [...whole.approvers, ada] })).toEqual(['approver removed: Ada (Change manager)']);
  });

  it('show the ids when somebody else comes under the same name', () => {
    const [first, ...rest] = whole.approvers;
    const impostor = { ...(first as Approver), objectId: 'ffffffff-1111-4111-8111-ffffffffffff' };
    expect(words({ ...whole, approvers: [impostor, ...rest] })).toEqual([
      `approver removed: Ingrid Sørensen (Security lead), ${first?.tenantId}/${first?.objectId}`,
      `approver added: Ingrid Sørensen (Security lead), ${first?.tenantId}/${impostor.objectId}`,
    ]);
  });

  it('tell of rings that change places, because a machine is in the first that fits', () => {
    expect(words({ ...whole, rings: whole.rings.toReversed() })).toEqual(['order of the rings: canary, broad → broad, canary']);
  });

  it('tell of requesters who are named for the first time', () => {
    expect(words(whole, { ...whole, requesters: null })).toEqual([
      'who may request: every member who is not a guest → those who are listed',
      'requester added: Lukas Novak',
      'requester added: Sam Porter',
    ]);
  });
});

describe('a new version', () => {
  it.each<[string, Partial<Migration>, boolean]>([
    ['people', { scheduleOwners: [] }, true],
    ['the sign-off', { graceMinutes: 1 }, true],
    ['the scope', { rings: whole.rings.slice(1) }, true],
    ['the server list', { serverList: null }, true],
    ['the day of the server list', { serverList: { ...whole.serverList!, asOf: 0 } }, true],
    ['who vouches for the server list', { serverList: { ...whole.serverList!, attestedBy: 'Lukas Novak' } }, true],
    ['what is switched off', { switchedOff: {} }, true],
    ['what holds for actions', { options: actionOptions({ createExclusionPolicy: { write: true } }) }, true],
    ['windows', { windows: [] }, true],
    ['the zone of the windows', { timeZone: 'Europe/London' }, true],
    ['freezes', { freezes: [] }, true],
    ['waves', { waves: { ...whole.waves, size: 50 } }, true],
    ['the channel', { channel: { ...whole.channel, channelId: '19:other' } }, true],
    ['the digest', { digest: { ...whole.digest, time: '09:00' } }, false],
    ['the name', { name: 'Another' }, false],
    ['comments', { fileHash: 'other' }, false],
  ])('that changes %s needs acceptance or not', (_, over, needed) => {
    const rows = changesBetween(whole, { ...whole, ...over });
    expect(rows).not.toEqual([]);
    expect(needsAcceptance(rows)).toBe(needed);
  });
});

describe('a moment in words', () => {
  it('is what the calendar says', () => {
    for (let day = Date.parse('1899-12-30T23:59:00Z'); day < Date.parse('2101-01-02'); day += 86_400_000) {
      expect(utcWords(day)).toBe(`${new Date(day).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
    }
  });
});
