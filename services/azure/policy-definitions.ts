import type { DefenderPolicies } from '../../core/evidence.ts';

export type PolicyEffect = DefenderPolicies['assignments'][number]['does'];

/** What a built-in policy or initiative does, by its name (a GUID in lower case). */
export type PolicyDefinitions = Readonly<Record<string, PolicyEffect>>;

/** Azure Policy's built-ins that matter to a migration, as published in Azure/azure-policy (Security Center category). */
export const defenderPolicyDefinitions: PolicyDefinitions = {
  // Deploy Microsoft Defender for Endpoint agent: the initiative, then Windows VM, Linux VM, Windows Arc, Linux Arc.
  'e20d08c5-6d64-656d-6465-ce9e37fd0ebc': 'deploys-agent',
  '1ec9c2c2-6d64-656d-6465-3ec3309b8579': 'deploys-agent',
  'd30025d0-6d64-656d-6465-67688881b632': 'deploys-agent',
  '37c043a6-6d64-656d-6465-b362dfeb354a': 'deploys-agent',
  '4eb909e7-6d64-656d-6465-2eeb297a1625': 'deploys-agent',
  // Configure the Defender for Endpoint integration settings: the initiative, then the one of its policies that sets WDATP.
  '77b391e3-2d5d-40c3-83bf-65c846b3c6a3': 'turns-endpoint-protection-on',
  'da56d295-2889-41ce-a4cd-6f50fb93aa68': 'turns-endpoint-protection-on',
};
