/** Application permissions of Microsoft Graph by what is written with them. Source: “Create group” and “Create deviceManagementConfigurationPolicy”, learn.microsoft.com. */
const PERMISSIONS: readonly { readonly path: RegExp; readonly permission: string }[] = [
  { path: /^\/v1\.0\/groups(?:\/|$)/i, permission: 'Group.ReadWrite.All' },
  { path: /^\/beta\/deviceManagement\/configurationPolicies(?:\/|$)/i, permission: 'DeviceManagementConfiguration.ReadWrite.All' },
];

/** The application permission that a change at this path of Microsoft Graph needs; null for a path that is not known. */
export function graphPermissionOf(path: string): string | null {
  return PERMISSIONS.find((row) => row.path.test(path))?.permission ?? null;
}
