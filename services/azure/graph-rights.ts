import type { NeededRight } from '../../core/needed-rights.ts';
import type { LackingRights } from '../../core/ports.ts';
import { permitCommands } from './grant-command.ts';

/** An application permission of Microsoft Graph that is known to be one. */
export type ToldPermission = NeededRight & { readonly api: 'graph'; readonly operation: string };

/** Of the application permissions that are needed, those that are not held; they are given for the whole tenant, in one place. */
export function lackingPermissions(objectId: string, needed: readonly ToldPermission[], held: readonly string[]): readonly LackingRights[] {
  const lacking = needed.filter(({ operation }) => !held.includes(operation));
  if (lacking.length === 0) return [];
  const operations = [...new Set(lacking.map(({ operation }) => operation))].toSorted();
  return [
    {
      where: 'Microsoft Graph',
      operations,
      targets: new Set(lacking.map(({ target }) => target)).size,
      commands: permitCommands(objectId, operations),
      custom: [],
    },
  ];
}
