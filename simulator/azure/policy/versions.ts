/** api-versions of Microsoft.Authorization's policy types, and of Microsoft.PolicyInsights. */
export const POLICY_VERSIONS = ['2021-06-01', '2022-06-01', '2023-04-01', '2024-04-01', '2024-05-01', '2025-01-01', '2025-03-01'];
export const REMEDIATION_VERSIONS = ['2021-10-01', '2024-10-01'];
export const STATE_VERSIONS = ['2019-10-01', '2024-10-01'];
