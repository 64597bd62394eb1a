import type { ActionOptions, AssignInitiativeOptions, InstallImage, RemovalScript } from './action-options.ts';
import type { ChangeWindow, Freeze, Migration, Owners, ServerListSource } from './migration.ts';
import { weekdays } from './migration.ts';
import type { MigrationChange } from './migration-change.ts';
import { entriesBetween, valueBetween } from './migration-change.ts';
import type { Approver, NamedPerson } from './person.ts';
import { personId } from './person.ts';
import type { ActionClass, SigningPolicy } from './policy.ts';
import { utcWords } from './utc-words.ts';

type Rows = readonly MigrationChange[];
/** One comparer for every field of `T`: a field that is added does not compile until it has one. */
type Comparers<T> = { readonly [field in keyof T]: (old: T[field], next: T[field]) => Rows };

const said = (value: unknown) => String(value);
const yesNo = (value: boolean) => (value ? 'yes' : 'no');
const percent = (share: number) => `${Number((share * 100).toFixed(6))} %`;
const amount = (unit: string) => (count: number) => `${count} ${unit}${count === 1 ? '' : 's'}`;
const one =
  <T>(what: MigrationChange['what'], label: string, show: (value: T) => string = said) =>
  (old: T, next: T): Rows =>
    valueBetween(what, label, show(old), show(next));

const channel: Comparers<Migration['channel']> = {
  tenantId: one('channel', 'tenant of the channel'),
  teamId: one('channel', 'team'),
  channelId: one('channel', 'channel'),
};

const waves: Comparers<Migration['waves']> = {
  size: one('waves', 'machines in a wave'),
  concurrency: one('waves', 'machines worked on at once'),
  stopAfterFailures: one('waves', 'failures that stop a run'),
  maxFailedShare: one('waves', 'failed share of a wave that may be passed over', percent),
  maxDroppedShare: one('waves', 'dropped share that may be passed over', percent),
  soakMinutes: one('waves', 'wait between two rings', amount('minute')),
};

const digest: Comparers<Migration['digest']> = {
  days: one('digest', 'days of the digest', dayWords),
  time: one('digest', 'time of the digest'),
  mention: one('digest', 'mention in the digest'),
};

const options: Comparers<ActionOptions> = {
  installDefenderFeature: (old, next) => [
    ...valueBetween('actions', 'image of the Defender feature', imageWords(old.image), imageWords(next.image)),
    ...valueBetween(
      'actions',
      'Defender feature without attested exclusions',
      old.withoutExclusions ?? 'no',
      next.withoutExclusions ?? 'no',
    ),
  ],
  installUpdates: (old, next) => [
    ...entriesBetween('actions', 'classification of updates', old.classifications, next.classifications, plain),
    ...valueBetween('actions', 'restart with updates', old.reboot, next.reboot),
    ...valueBetween('actions', 'time for updates', amount('hour')(old.hours), amount('hour')(next.hours)),
  ],
  createExclusionPolicy: (old, next) =>
    valueBetween('actions', 'exclusion policies written by Greenlight', yesNo(old.write), yesNo(next.write)),
  assignDefenderInitiative: (old, next) => [
    ...valueBetween('actions', 'identity of the initiative', identityWords(old.identity), identityWords(next.identity)),
    ...entriesBetween('actions', 'left out of the initiative', old.exclude, next.exclude, plain),
    ...entriesBetween('actions', 'image publisher left out', old.excludePublishers, next.excludePublishers, plain),
    ...entriesBetween('actions', 'image left out', old.excludeImages, next.excludeImages, plain),
    ...valueBetween('actions', 'message of the initiative', old.message, next.message),
  ],
  removeThirdParty: (old, next) => [
    ...entriesBetween('actions', 'removal script', old.scripts, next.scripts, (entry) => ({
      key: `${entry.vendor.toLowerCase()} ${entry.os}`,
      title: `${entry.vendor} on ${entry.os}`,
      noun: 'with',
      detail: removalWords(entry),
    })),
    ...valueBetween(
      'actions',
      'minutes a machine may be unprotected',
      amount('minute')(old.unprotectedMinutes),
      amount('minute')(next.unprotectedMinutes),
    ),
  ],
};

function imageWords(image: InstallImage | null): string {
  return image === null ? 'none' : `${image.path}, edition ${image.index}, SHA-256 ${image.sha256}`;
}

function identityWords(identity: AssignInitiativeOptions['identity']): string {
  return identity === null ? 'none' : `${identity.id} in ${identity.location}`;
}

/** Of a secret, that it is another one. */
function removalWords({ script, minutes, secrets }: RemovalScript): string {
  const codes = Object.keys(script.exits ?? {});
  const done = codes.length === 0 ? '' : `, done with exit ${codes.join(', ')} too`;
  const given = Object.entries(secrets).map(([name, { ref, sha256 }]) => `, ${name} from ${ref} (${sha256.slice(0, 12)})`);
  return `SHA-256 ${script.sha256}, ${amount('minute')(minutes)}${done}${given.join('')}`;
}

const policy = (of: ActionClass): Comparers<SigningPolicy> => ({
  quorum: one('quorum', `quorum for ${of} changes`),
  distinctRoles: one('quorum', `distinct roles for ${of} changes`),
  typeCount: one('quorum', `number of targets typed by hand for ${of} changes`, yesNo),
  ownersSign: one('quorum', `signature of the owners for ${of} changes`, yesNo),
  expiryHours: one('quorum', `expiry of requests for ${of} changes`, amount('hour')),
  inWindow: one('window', `only inside a window for ${of} changes`, yesNo),
  ticketNeeded: one('quorum', `ticket needed for ${of} changes`, yesNo),
});

const signOff: Comparers<Migration['signOff']> = {
  'read-only': (old, next) => each(policy('read-only'), old, next),
  reversible: (old, next) => each(policy('reversible'), old, next),
  irreversible: (old, next) => each(policy('irreversible'), old, next),
};

const comparers: Comparers<Omit<Migration, 'fileHash'>> = {
  id: one('scope', 'id of the migration'),
  name: one('name', 'name of the migration'),
  timeZone: one('window', 'time zone'),
  channel: (old, next) => each(channel, old, next),
  subscriptions: (old, next) =>
    entriesBetween('scope', 'subscription', old, next, (entry) => ({ key: entry.id, title: entry.name, noun: 'id', detail: entry.id })),
  rings: (old, next) => [
    ...entriesBetween('scope', 'ring', old, next, ({ name, tag }) => ({
      key: name,
      title: name,
      noun: 'tag',
      detail: `${tag.name}=${tag.value}`,
    })),
    ...orderOf(old, next),
  ],
  approvers: (old, next) => entriesBetween('people', 'approver', old, next, withRole),
  alternates: (old, next) => [
    ...valueBetween('people', 'wait before alternates may sign', amount('hour')(old.afterHours), amount('hour')(next.afterHours)),
    ...entriesBetween('people', 'alternate', old.people, next.people, withRole),
  ],
  requesters: (old, next) => [
    ...valueBetween('people', 'who may request', requesterWords(old), requesterWords(next)),
    ...entriesBetween('people', 'requester', old ?? [], next ?? [], named),
  ],
  attesters: (old, next) => [
    ...entriesBetween('people', 'step with attesters of its own', Object.keys(old), Object.keys(next), plain),
    ...entriesBetween('people', 'attester', listed(old), listed(next), forValue),
  ],
  scheduleOwners: (old, next) => entriesBetween('people', 'schedule owner', old, next, named),
  owners: (old, next) => [
    ...valueBetween('people', 'owner tag', old?.tag ?? 'none', next?.tag ?? 'none'),
    ...entriesBetween('people', 'owner tag value', ownerValues(old), ownerValues(next), plain),
    ...entriesBetween('people', 'owner', listed(old?.people ?? {}), listed(next?.people ?? {}), forValue),
  ],
  signOff: (old, next) => each(signOff, old, next),
  windows: (old, next) => entriesBetween('window', 'window', old, next, windowEntry),
  freezes: (old, next) => entriesBetween('window', 'freeze', old, next, freezeEntry),
  graceMinutes: one('quorum', 'grace before a run begins', amount('minute')),
  waves: (old, next) => each(waves, old, next),
  digest: (old, next) => each(digest, old, next),
  serverList: serverListChanges,
  switchedOff: (old, next) =>
    entriesBetween('scope', 'step switched off', Object.entries(old), Object.entries(next), ([id, reason]) => ({
      key: id,
      title: id,
      noun: 'because of',
      detail: reason,
    })),
  options: (old, next) => each(options, old, next),
};

/**
 * Everything that differs between two versions of one migration, a row each, in the order of the file. A new `fileHash` alone is one row,
 * “comments or layout only”; none when even the bytes are the same. The words hold names from the files: they are data.
 */
export function changesBetween(old: Migration, next: Migration): readonly MigrationChange[] {
  const rows = each(comparers, old, next);
  if (rows.length > 0 || old.fileHash === next.fileHash) return rows;
  return [{ what: 'name', words: 'comments or layout only', from: old.fileHash, to: next.fileHash }];
}

/** True when people must accept the new version before it holds; names and digests need no acceptance. */
export function needsAcceptance(changes: readonly MigrationChange[]): boolean {
  return changes.some(({ what }) => accepted[what]);
}

const accepted: Readonly<Record<MigrationChange['what'], boolean>> = {
  people: true,
  quorum: true,
  scope: true,
  window: true,
  waves: true,
  actions: true,
  channel: true,
  digest: false,
  name: false,
};

function each<T>(table: Comparers<T>, old: T, next: T): Rows {
  const fields = Object.keys(table) as (keyof T)[];
  return fields.flatMap((field) => table[field](old[field], next[field]));
}

function serverListChanges(old: ServerListSource | null, next: ServerListSource | null): Rows {
  if (old === null || next === null) return valueBetween('scope', 'server list', listWords(old), listWords(next));
  const moved = old.file !== next.file && lastPart(old.file) === lastPart(next.file) ? ' of another folder' : '';
  return [
    ...valueBetween('scope', 'server list', lastPart(old.file), `${lastPart(next.file)}${moved}`),
    ...valueBetween('scope', 'day of the server list', utcWords(old.asOf), utcWords(next.asOf)),
    ...valueBetween('scope', 'who vouches for the server list', old.attestedBy, next.attestedBy),
  ];
}

function listWords(list: ServerListSource | null): string {
  return list === null ? 'none' : `${lastPart(list.file)}, drawn up ${utcWords(list.asOf)}, vouched for by ${list.attestedBy}`;
}

/** A file's name without its folders, which are this host's own business. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** A machine that carries two tags is in the first of its rings. */
function orderOf(old: Migration['rings'], next: Migration['rings']): Rows {
  const kept = (rings: Migration['rings'], others: Migration['rings']) =>
    rings.map(({ name }) => name).filter((name) => others.some((other) => other.name === name));
  return valueBetween('scope', 'order of the rings', kept(old, next).join(', '), kept(next, old).join(', '));
}

function named(person: NamedPerson) {
  return { key: personId(person), title: person.name, noun: '', detail: '' };
}

function withRole(person: Approver) {
  return { key: personId(person), title: person.name, noun: 'role', detail: person.role };
}

function listed(map: Readonly<Record<string, readonly NamedPerson[]>>) {
  return Object.entries(map).flatMap(([value, people]) => people.map((person) => ({ value, person })));
}

function forValue({ value, person }: { readonly value: string; readonly person: NamedPerson }) {
  return { key: `${value} ${personId(person)}`, title: person.name, noun: 'for', detail: value };
}

function plain(value: string) {
  return { key: value, title: value, noun: '', detail: '' };
}

function ownerValues(owners: Owners | null): readonly string[] {
  return Object.keys(owners?.people ?? {});
}

function requesterWords(people: Migration['requesters']): string {
  return people === null ? 'every member who is not a guest' : 'those who are listed';
}

function dayWords(days: readonly string[]): string {
  return weekdays.filter((day) => days.includes(day)).join(', ');
}

function windowEntry({ name, days, from, until, rings }: ChangeWindow) {
  const where = rings === null ? 'all rings' : `rings ${rings.toSorted().join(', ')}`;
  return { key: name, title: name, noun: '', detail: `${dayWords(days)} ${from} to ${until}, ${where}` };
}

function freezeEntry({ from, until, reason }: Freeze) {
  const detail = `${utcWords(from)} to ${utcWords(until)}`;
  return { key: `${from} ${until} ${reason}`, title: reason, noun: '', detail };
}
