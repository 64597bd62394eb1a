import type { Estate } from '../estates/estate.ts';
import { createRandom, seedOf } from '../random.ts';
import { APPLICATIONS, IDENTITY_NAMES, type IdentityName } from './identities.ts';
import { findRole } from './role-definitions.ts';

/** A role given to a principal on a scope and all that lies below it. */
export interface RoleAssignment {
  /** GUID at the end of its id. */
  name: string;
  /** GUID of the role definition. */
  role: string;
  principalId: string;
  /** A management group, a subscription or something below one. */
  scope: string;
}

/** Whether and how an application may sign in. */
export interface SignIn {
  /** False = somebody has disabled the application: no new token, and those it has are refused. */
  enabled: boolean;
  /** True = the secret is past its last day. */
  secretExpired: boolean;
  tokenLifetimeSeconds: number;
  /** Tokens of an older generation have expired. */
  generation: number;
}

export interface AccessState {
  roleAssignments: RoleAssignment[];
  /** Application permissions of Graph and Defender that an administrator has consented to. */
  permissions: Record<IdentityName, string[]>;
  signIns: Record<IdentityName, SignIn>;
}

const WRITER_ROLES = ['VM Run Command', 'Arc Run Command', 'VM Extension', 'Server Updates', 'Defender Settings', 'Policy Operator'];

const PERMISSIONS: Record<IdentityName, string[]> = {
  reader: ['ThreatHunting.Read.All', 'Group.Read.All', 'Device.Read.All', 'DeviceManagementConfiguration.Read.All', 'Machine.Read.All'],
  writer: ['Group.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All', 'Machine.Read.All', 'Machine.Offboard'],
  bot: [],
};

export function managementGroupScope({ managementGroup }: Estate): string {
  return `/providers/Microsoft.Management/managementGroups/${managementGroup.id}`;
}

/** The id two equal assignments share, so that the same estate always has the same. */
export function roleAssignment(principalId: string, role: string, scope: string): RoleAssignment {
  const name = createRandom(seedOf(`${principalId}|${role}|${scope}`.toLowerCase())).guid();
  return { name, role, principalId, scope };
}

/**
 * The least each identity needs: the reader reads everything below the management group; the writer has narrow roles on each
 * subscription, and the policy role also on the management group; the bot's own identity has nothing in Azure.
 */
export function leastPrivilege(estate: Estate): AccessState {
  const above = managementGroupScope(estate);
  const scopes = estate.subscriptions.map(({ id }) => `/subscriptions/${id}`);
  const grant = (name: IdentityName, role: string, scope: string) => roleAssignment(APPLICATIONS[name].objectId, findRole(role)!.id, scope);
  const signIn = (): SignIn => ({ enabled: true, secretExpired: false, tokenLifetimeSeconds: 3599, generation: 0 });
  return {
    roleAssignments: [
      grant('reader', 'Reader', above),
      grant('reader', 'Security Reader', above),
      grant('writer', 'Greenlight Policy Operator', above),
      ...scopes.flatMap((scope) => WRITER_ROLES.map((role) => grant('writer', `Greenlight ${role}`, scope))),
    ],
    permissions: structuredClone(PERMISSIONS),
    signIns: Object.fromEntries(IDENTITY_NAMES.map((name) => [name, signIn()])) as AccessState['signIns'],
  };
}
