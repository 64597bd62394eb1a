import { builtInDefinition, type DefinitionResource, effectParameter, type ParameterDefinition, ruleOf } from '../definition.ts';
import { agentDeployment } from './agent-deployment.ts';

const VM = 'Microsoft.Compute/virtualMachines';
const ARC = 'Microsoft.HybridCompute/machines';
const EFFECTS = ['DeployIfNotExists', 'AuditIfNotExists', 'Disabled'];

const is = (field: string, equals: string) => ({ field, equals });
const has = (field: string, contains: string) => ({ field, contains });
const looks = (field: string, like: string) => ({ field, like });
const not = (...allOf: object[]) => ({ not: allOf.length === 1 ? allOf[0] : { allOf } });

const SKU = 'Microsoft.Compute/imageSKU';
const OFFER = 'Microsoft.Compute/imageOffer';
const PUBLISHER = 'Microsoft.Compute/imagePublisher';
const NOT_A_CONNECTOR = { field: "tags['MDFCSecurityConnector']", notEquals: 'true' };

function excludes(field: string, parameter: string) {
  const list = `[parameters('${parameter}')]`;
  return { anyOf: [{ not: { field, in: list } }, { value: `[empty(parameters('${parameter}'))]`, equals: 'true' }] };
}
const EXCLUDED = [
  excludes(`${VM}/imagePublisher`, 'PublishersToExclude'),
  excludes(`${VM}/storageProfile.imageReference.id`, 'ImageIdsToExclude'),
];
const exclusion = (displayName: string, description: string): ParameterDefinition => ({
  type: 'Array',
  metadata: { displayName, description },
  defaultValue: [],
});
const vmParameters = (system: string) => ({
  PublishersToExclude: exclusion('Optional: List Of Image Publishers to exclude', `${system} image publishers that get no agent`),
  ImageIdsToExclude: exclusion('Optional: List of virtual machine images to exclude', 'Ids of images whose machines get no agent'),
  effect: effectParameter(EFFECTS),
});

// No version of Windows Server is listed here, so a new one is taken at once.
const WINDOWS_IMAGES = {
  anyOf: [
    {
      not: {
        anyOf: [
          ...['win7', 'win8', '2008', 'win10', 'windows-10'].map((sku) => has(SKU, sku)),
          has(OFFER, 'windows-10'),
          ...['MicrosoftWindowsDesktop', 'azureopenshift', 'AzureDatabricks'].map((publisher) => is(PUBLISHER, publisher)),
        ],
      },
    },
    { allOf: [is(PUBLISHER, 'MicrosoftWindowsDesktop'), has(SKU, 'evd')] },
  ],
};

const APPLIANCES =
  'AzureDatabricks azureopenshift cisco fortinet juniper-networks barracudanetworks checkpoint imperva qualysguard f5-networks paloaltonetworks rohdeschwarzcybersecuritysas sonicwall-inc esdenera brocade_communications 5nine-software-inc forcepoint-llc hillstone-networks netgate microsoft-aks'.split(
    ' ',
  );
const LINUX_IMAGES = {
  allOf: [
    not({ field: PUBLISHER, in: APPLIANCES }),
    not(has(OFFER, 'firewall')),
    not({ field: SKU, Like: 'centos-6*' }),
    not(is(PUBLISHER, 'cloudera'), has(SKU, '6')),
    not(is(OFFER, 'CentOS'), { field: SKU, Like: '6*' }),
    not({ field: OFFER, Like: 'RHEL' }, { field: SKU, Like: '6*' }),
    ...[
      ['UbuntuServer', '12*'],
      ['UbuntuServer', '14*'],
      ['RightImage-Ubuntu', '14*'],
      ['RightImage-Ubuntu', '12*'],
    ].map(([offer, sku]) => not({ field: OFFER, Like: offer }, { field: SKU, Like: sku })),
    not({ field: OFFER, Like: 'Debian*' }, { field: SKU, Like: '8*' }),
    not({ field: OFFER, Like: 'Oracle-Linux*' }, has(SKU, '6')),
  ],
};

// A list of versions, and Windows Server 2025 is not in it.
const WINDOWS_SYSTEMS = {
  anyOf: [
    ...['2012', '2016', '2019', '2022'].map((version) => has(`${ARC}/osSku`, version)),
    is(`${ARC}/osSku`, 'Windows 10 Enterprise multi-session'),
    is(`${ARC}/osSku`, 'Windows 10 Enterprise for Virtual Desktops'),
  ],
};

const OS_TYPE = `${VM}/storageProfile.osDisk.osType`;
const deploys = (what: string) => ({
  displayName: `[Preview]: Deploy Microsoft Defender for Endpoint agent on ${what}`,
  description: `Deploys Microsoft Defender for Endpoint on ${what}.`,
});
const common = { category: 'Security Center', mode: 'Indexed' };

/** The four definitions that put the Defender for Endpoint extension on machines, with the rules Azure has for them. */
export const AGENT_DEFINITIONS: readonly DefinitionResource[] = [
  builtInDefinition({
    name: '1ec9c2c2-6d64-656d-6465-3ec3309b8579',
    ...deploys('Windows virtual machines'),
    ...common,
    version: '2.0.1-preview',
    parameters: vmParameters('Windows'),
    policyRule: ruleOf(
      { allOf: [is('type', VM), looks(OS_TYPE, 'Windows*'), ...EXCLUDED, WINDOWS_IMAGES] },
      agentDeployment(VM, 'Windows'),
    ),
  }),
  builtInDefinition({
    name: 'd30025d0-6d64-656d-6465-67688881b632',
    ...deploys('Linux virtual machines'),
    ...common,
    version: '3.0.0-preview',
    parameters: vmParameters('Linux'),
    policyRule: ruleOf({ allOf: [is('type', VM), looks(OS_TYPE, 'linux*'), ...EXCLUDED, LINUX_IMAGES] }, agentDeployment(VM, 'Linux')),
  }),
  builtInDefinition({
    name: '37c043a6-6d64-656d-6465-b362dfeb354a',
    ...deploys('Windows Azure Arc machines'),
    ...common,
    version: '2.0.1-preview',
    parameters: { effect: effectParameter(EFFECTS) },
    policyRule: ruleOf(
      { allOf: [is('type', ARC), looks(`${ARC}/osName`, 'windows*'), NOT_A_CONNECTOR, WINDOWS_SYSTEMS] },
      agentDeployment(ARC, 'Windows'),
    ),
  }),
  builtInDefinition({
    name: '4eb909e7-6d64-656d-6465-2eeb297a1625',
    ...deploys('Linux hybrid machines'),
    ...common,
    version: '2.0.1-preview',
    parameters: { effect: effectParameter(EFFECTS) },
    policyRule: ruleOf(
      {
        allOf: [is('type', ARC), looks(`${ARC}/osName`, 'linux*'), { field: `${ARC}/osSku`, notContains: 'openshift' }, NOT_A_CONNECTOR],
      },
      agentDeployment(ARC, 'Linux'),
    ),
  }),
];
