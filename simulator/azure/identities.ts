import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../persistence.ts';
import type { RoleAssignment } from './access.ts';

export const IDENTITY_NAMES = ['reader', 'writer', 'bot'] as const;
export type IdentityName = (typeof IDENTITY_NAMES)[number];

/** An application that may sign in: `clientId` is its application id, `objectId` that of its service principal, `groupId` that of a security group it is in. */
export interface Identity {
  name: IdentityName;
  tenantId: string;
  clientId: string;
  objectId: string;
  groupId: string;
  clientSecret: string;
  /** The roles it has in Azure at this moment. */
  roleAssignments: () => readonly RoleAssignment[];
}

/** Application id and object id of each, and of a group it is in. */
export const APPLICATIONS: Record<IdentityName, Pick<Identity, 'clientId' | 'objectId' | 'groupId'>> = {
  reader: {
    clientId: '5d0e7a11-3c4b-4f6a-8e21-7b9c0d1e2f31',
    objectId: 'a0f4c1d2-6b83-4e57-9c10-2d3e4f5a6b71',
    groupId: 'd3270405-9eb6-418a-8f43-506172830ea4',
  },
  writer: {
    clientId: '6e1f8b22-4d5c-407b-9f32-8cad1e2f3042',
    objectId: 'b105d2e3-7c94-4f68-ad21-3e4f5a6b7c82',
    groupId: 'e4381516-afc7-429b-9054-617283941fb5',
  },
  bot: {
    clientId: '7f209c33-5e6d-418c-a043-9dbe2f304153',
    objectId: 'c216e3f4-8da5-4079-be32-4f5a6b7c8d93',
    groupId: 'f5492627-b0d8-43ac-a165-728394a520c6',
  },
};

const secretsSchema = z.record(z.enum(IDENTITY_NAMES), z.string().min(20));

/** The three identities of the rehearsal; their secrets are drawn once and kept in `file`. `roles` = every assignment there is. */
export function ensureIdentities(file: string, tenantId: string, roles: () => readonly RoleAssignment[]): Record<IdentityName, Identity> {
  const secrets = existsSync(file) ? secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : drawSecrets(file);
  function identity(name: IdentityName): Identity {
    const ids = APPLICATIONS[name];
    const own = () => roles().filter(({ principalId }) => principalsOf(ids.objectId).includes(principalId));
    return { name, tenantId, ...ids, clientSecret: secrets[name], roleAssignments: own };
  }
  return { reader: identity('reader'), writer: identity('writer'), bot: identity('bot') };
}

/** Whose role assignments count for a service principal: its own, and those of the groups it is in. */
export function principalsOf(objectId: string): readonly string[] {
  const known = Object.values(APPLICATIONS).find((application) => application.objectId === objectId);
  return known ? [known.objectId, known.groupId] : [objectId];
}

/** Is it the id of a group? */
export function isGroup(principalId: string): boolean {
  return Object.values(APPLICATIONS).some(({ groupId }) => groupId === principalId);
}

function drawSecrets(file: string): Record<IdentityName, string> {
  const draw = () => randomBytes(30).toString('base64url');
  const secrets = { reader: draw(), writer: draw(), bot: draw() };
  writeAtomically(file, JSON.stringify(secrets));
  return secrets;
}
