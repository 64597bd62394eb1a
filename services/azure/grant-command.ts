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

/** Text as one word of a command line: nothing in it is a command, a variable or a second word. */
export function shellWord(text: string): string {
  return /^[\w./][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
