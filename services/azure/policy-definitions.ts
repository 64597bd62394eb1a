import type { AgentPolicy, DefenderAssignment } from '../../core/facts/defender.ts';

/** What a policy does to a migration; `deploys` is null for one that deploys no agent. */
export interface PolicyMeaning {
  readonly does: DefenderAssignment['does'];
  readonly deploys: AgentPolicy | null;
}

/** What a built-in policy does, by its name (a GUID in lower case). Initiatives are read: their policies are what counts. */
export type PolicyDefinitions = Readonly<Record<string, PolicyMeaning>>;

/** Azure Policy's built-ins that matter to a migration, as published in Azure/azure-policy (Security Center category). */
export const defenderPolicyDefinitions: PolicyDefinitions = {
  // Deploy Microsoft Defender for Endpoint agent on …
  '1ec9c2c2-6d64-656d-6465-3ec3309b8579': { does: 'deploys-agent', deploys: 'azure-windows' },
  'd30025d0-6d64-656d-6465-67688881b632': { does: 'deploys-agent', deploys: 'azure-linux' },
  '37c043a6-6d64-656d-6465-b362dfeb354a': { does: 'deploys-agent', deploys: 'arc-windows' },
  '4eb909e7-6d64-656d-6465-2eeb297a1625': { does: 'deploys-agent', deploys: 'arc-linux' },
  // Configure Microsoft Defender for Endpoint integration settings: the one of its policies that sets WDATP.
  'da56d295-2889-41ce-a4cd-6f50fb93aa68': { does: 'turns-endpoint-protection-on', deploys: null },
};
