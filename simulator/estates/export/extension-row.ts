import type { MachineInput } from '../build-machine.ts';
import { type ExportedRow, textAt, valueAt } from './row.ts';

type ExtensionInput = NonNullable<MachineInput['extensions']>[number];

const STATES = ['Creating', 'Updating', 'Deleting', 'Succeeded', 'Failed'] as const;

/** Id (lower case) of the machine an extension's row belongs to. */
export function machineIdOf({ id }: ExportedRow): string {
  return id.toLowerCase().split('/extensions/')[0] ?? '';
}

export function extensionFromRow(row: ExportedRow): ExtensionInput {
  const settings = valueAt(row.properties, 'settings');
  return {
    name: row.name,
    publisher: textAt(row, 'publisher'),
    type: textAt(row, 'type'),
    version: textAt(row, 'typeHandlerVersion') || '1.0',
    state: STATES.find((state) => state === textAt(row, 'provisioningState')) ?? 'Succeeded',
    message: textAt(row, 'instanceView.status.message'),
    settings: typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : {},
  };
}
