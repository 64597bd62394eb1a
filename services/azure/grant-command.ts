import { sha256 } from '../../core/hash.ts';

/** Whom a role is to be granted to, and where. */
export interface Grantee {
  /** Object id of the service principal, a GUID. */
  readonly objectId: string;
  /** ARM path. */
  readonly scope: string;
}

/**
 * The Azure CLI's command line that grants a role to a service principal. Written for bash, as in Cloud Shell; where nothing had to be quoted
 * PowerShell reads it alike. `role` is one of our own names: see the table of built-in roles.
 */
export function grantCommand({ objectId, scope }: Grantee, role: string): string {
  return [
    'az role assignment create',
    `--assignee-object-id ${shellWord(objectId)}`,
    '--assignee-principal-type ServicePrincipal',
    `--role "${role}"`,
    `--scope ${shellWord(scope)}`,
  ].join(' ');
}

/**
 * The command lines that make a role with exactly these operations and grant it. Its name comes from what it allows and where: another set of
 * operations is another role, and the same one is not made under two names.
 */
export function makeRoleCommands(grantee: Grantee, operations: readonly string[]): readonly string[] {
  const { scope } = grantee;
  const name = `Greenlight writer ${sha256([scope, ...operations].join('\n')).slice(0, 8)}`;
  const definition = {
    Name: name,
    IsCustom: true,
    Description: 'What Greenlight carries out once it is signed',
    Actions: operations,
    AssignableScopes: [scope],
  };
  return [`az role definition create --role-definition ${shellWord(JSON.stringify(definition))}`, grantCommand(grantee, name)];
}

/** Microsoft Graph's own application id, the same in every tenant, and the ids of its application permissions. Source: “Microsoft Graph permissions reference”. */
const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const APP_ROLES: Readonly<Record<string, string>> = {
  'Group.ReadWrite.All': '62a82d76-70ea-41e2-9197-370581804d09',
  'DeviceManagementConfiguration.ReadWrite.All': '9241abd9-d0e6-425a-bd4f-47ba86e767a4',
};

/**
 * The command lines that give application permissions of Microsoft Graph to a service principal, an app registration's or a managed identity's.
 * Written for bash: the first looks Graph up in the tenant for those that follow. None for a permission that is not known.
 */
export function permitCommands(objectId: string, permissions: readonly string[]): readonly string[] {
  const roles = permissions.flatMap((permission) => APP_ROLES[permission] ?? []);
  const url = `https://graph.microsoft.com/v1.0/servicePrincipals/${objectId}/appRoleAssignments`;
  const grants = roles.map((role) => {
    const body = `{\\"principalId\\":\\"${objectId}\\",\\"resourceId\\":\\"$GRAPH\\",\\"appRoleId\\":\\"${role}\\"}`;
    return `az rest --method POST --url ${shellWord(url)} --body "${body}"`;
  });
  return grants.length === 0 ? [] : [`GRAPH=$(az ad sp show --id ${GRAPH_APP} --query id --output tsv)`, ...grants];
}

/** Text as one word of a command line: nothing in it is a command, a variable or a second word. */
export function shellWord(text: string): string {
  return /^[\w./][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
