/** A template of Intune's settings catalogue as far as it is known here. */
export interface PolicyTemplate {
  id: string;
  family: string;
  displayName: string;
  displayVersion: string;
  platforms: 'windows10';
  /** By setting definition id: the template's own id for the setting and which of Defender's exclusions it is. */
  settings: Readonly<Record<string, { templateId: string; exclusion: 'processes' | 'paths' | 'extensions' }>>;
}

export const POLICY_TEMPLATES: readonly PolicyTemplate[] = [
  {
    id: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
    family: 'endpointSecurityAntivirus',
    displayName: 'Microsoft Defender Antivirus exclusions',
    displayVersion: 'Version 1',
    platforms: 'windows10',
    settings: {
      device_vendor_msft_policy_config_defender_excludedprocesses: {
        templateId: '96b046ed-f138-4250-9ae0-b0772a93d16f',
        exclusion: 'processes',
      },
      device_vendor_msft_policy_config_defender_excludedpaths: { templateId: 'aaf04adc-c639-464f-b4a7-152e784092e8', exclusion: 'paths' },
      device_vendor_msft_policy_config_defender_excludedextensions: {
        templateId: 'c203725b-17dc-427b-9470-673a2ce9cd5e',
        exclusion: 'extensions',
      },
    },
  },
];

export function templateOf(id: string): PolicyTemplate | undefined {
  return POLICY_TEMPLATES.find((template) => template.id === id);
}
