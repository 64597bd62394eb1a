import type { ApiName } from './apis.ts';

/** Something that is read from one of the APIs. */
export interface Reading {
  readonly api: ApiName;
  /** `the Defender machines list`. */
  readonly what: string;
  /** The application permission that allows it. */
  readonly permission: string;
}

/** What is read, and which permission each needs: one row a permission of the reader identity. */
export const readings = {
  hunting: { api: 'graph', what: 'Defender’s advanced hunting', permission: 'ThreatHunting.Read.All' },
  machines: { api: 'defender', what: 'the Defender machines list', permission: 'Machine.Read.All' },
  policies: { api: 'graph', what: 'the antivirus policies of Intune', permission: 'DeviceManagementConfiguration.Read.All' },
  groups: { api: 'graph', what: 'the groups that antivirus policies are assigned to', permission: 'Group.Read.All' },
} as const satisfies Record<string, Reading>;
