import type { AgentPolicy } from '../../core/facts/defender.ts';

interface Row {
  /** The name of the built-in definition. */
  readonly definition: string;
  /** What the built-in initiative calls it. */
  readonly reference: string;
  /** Does it take publishers and images to leave out? The built-in initiative does not hand these on. */
  readonly excludesImages: boolean;
}

/** The built-in policies that deploy the Defender agent, by whom they are for. (Azure/azure-policy, Security Center.) */
export const AGENT_POLICIES: Readonly<Record<AgentPolicy, Row>> = {
  'azure-windows': {
    definition: '1ec9c2c2-6d64-656d-6465-3ec3309b8579',
    reference: 'microsoftDefenderForEndpointWindowsAgentDeploy',
    excludesImages: true,
  },
  'azure-linux': {
    definition: 'd30025d0-6d64-656d-6465-67688881b632',
    reference: 'microsoftDefenderForEndpointLinuxAgentDeploy',
    excludesImages: true,
  },
  'arc-windows': {
    definition: '37c043a6-6d64-656d-6465-b362dfeb354a',
    reference: 'microsoftDefenderForEndpointWindowsArcAgentDeploy',
    excludesImages: false,
  },
  'arc-linux': {
    definition: '4eb909e7-6d64-656d-6465-2eeb297a1625',
    reference: 'microsoftDefenderForEndpointLinuxArcAgentDeploy',
    excludesImages: false,
  },
};

/** The built-in initiative of all four: “[Preview]: Deploy Microsoft Defender for Endpoint agent”. */
export const AGENT_INITIATIVE = '/providers/Microsoft.Authorization/policySetDefinitions/e20d08c5-6d64-656d-6465-ce9e37fd0ebc';
