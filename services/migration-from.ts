import { resolve } from 'node:path';
import type { z } from 'zod';
import type { Migration } from '../core/migration.ts';
import type { Approver, NamedPerson } from '../core/person.ts';
import type { ActionClass, SigningPolicy } from '../core/policy.ts';
import type { Zone } from '../core/schedule.ts';
import type { Named } from './action-options.ts';
import { actionOptions } from './action-options.ts';
import type { PersonEntry } from './migration-people.ts';
import type { PolicyEntry } from './migration-policy.ts';
import type { migrationSchema } from './migration-schema.ts';
import { freezeEnd, freezeStart, zone } from './zone.ts';

type File = z.infer<typeof migrationSchema>;

/** What a class asks for where the file says nothing, and what it asks for in any case. */
const classes: Readonly<Record<ActionClass, { readonly least: number; readonly typeCount: boolean; readonly inWindow: boolean }>> = {
  'read-only': { least: 1, typeCount: false, inWindow: false },
  reversible: { least: 1, typeCount: false, inWindow: true },
  irreversible: { least: 2, typeCount: true, inWindow: true },
};

/** The migration a checked file describes, every default filled in; paths go from `folder`. */
export function migrationFrom(file: File, fileHash: string, folder: string, outside: Named): Migration {
  const { quorum: _quorum, requestExpiryHours: _hours, actions, people, approvers, signOff, windows, freezes, serverList, ...rest } = file;
  const home = file.channel.tenantId;
  const named = (list: readonly PersonEntry[]) => list.map((entry) => personFrom(entry, home));
  const signers = (list: File['approvers']): Approver[] => list.map((entry) => ({ ...personFrom(entry, home), role: entry.role }));
  const byKey = (map: Readonly<Record<string, readonly PersonEntry[]>>) =>
    Object.fromEntries(Object.entries(map).map(([key, list]) => [key, named(list)]));
  const local = zone(file.timeZone);
  return {
    ...rest,
    approvers: signers(approvers),
    alternates: { afterHours: people.alternates?.afterHours ?? 4, people: signers(people.alternates?.people ?? []) },
    requesters: people.requesters === undefined ? null : named(people.requesters),
    attesters: byKey(people.attesters),
    scheduleOwners: named(people.scheduleOwners ?? []),
    owners: people.owners === undefined ? null : { tag: people.owners.tag, people: byKey(people.owners.people) },
    signOff: {
      'read-only': policyFrom('read-only', signOff['read-only'], file),
      reversible: policyFrom('reversible', signOff.reversible, file),
      irreversible: policyFrom('irreversible', signOff.irreversible, file),
    },
    windows: windows.map(({ rings, ...window }) => ({ ...window, rings: rings === undefined ? null : rings.map(spelledAs(file.rings)) })),
    freezes: freezes.map(({ from, until, reason }) => ({ from: freezeStart(from, local), until: freezeEnd(until, local), reason })),
    serverList: serverList === undefined ? null : listFrom(serverList, folder, local),
    options: actionOptions(actions, outside),
    fileHash,
  };
}

function listFrom({ file, asOf, attestedBy }: NonNullable<File['serverList']>, folder: string, local: Zone): Migration['serverList'] {
  return { file: resolve(folder, file), asOf: freezeStart(`${asOf} 00:00`, local), attestedBy };
}

function policyFrom(of: ActionClass, said: PolicyEntry, file: File): SigningPolicy {
  const { least, typeCount, inWindow } = classes[of];
  return {
    quorum: said.quorum ?? Math.max(file.quorum, least),
    distinctRoles: said.distinctRoles ?? least,
    typeCount: said.typeCount ?? typeCount,
    ownersSign: said.ownersSign,
    expiryHours: said.expiryHours ?? file.requestExpiryHours,
    inWindow: said.inWindow ?? (inWindow && file.windows.length > 0),
    ticketNeeded: said.ticketNeeded,
  };
}

function personFrom({ id, name, tenantId }: PersonEntry, home: string): NamedPerson {
  return { objectId: id, tenantId: tenantId ?? home, name };
}

/** A window may write a ring's name in another case. */
function spelledAs(rings: File['rings']): (name: string) => string {
  return (name) => rings.find((ring) => ring.name.toLowerCase() === name.toLowerCase())?.name ?? name;
}
