import type { ExclusionPolicies } from '../../../../core/facts/devices.ts';
import { DAY, HOUR } from '../../../../core/instant.ts';
import { antivirus, assignmentFacts, extensionFacts, guestFacts, NOW, updateFacts } from '../../../support/facts.ts';
import type { Case, StepCases } from './case.ts';
import { arcCases, client, free, policies, settings, standard, wsusNamed, wsusServer } from './prepare.ts';

const arc = { kind: 'arc', status: 'Connected', configMode: 'full', refuses: { defender: false, runCommand: true } } as const;
const r2016 = { os: 'windows-server-2016', osLabel: 'Windows Server 2016' } as const;
const linux = { os: 'linux', osLabel: 'Ubuntu' } as const;
const on = { ...settings, endpointProtection: true };
const onFacts = { 'security-settings': on, 'defender-plan': standard, 'defender-policies': policies() };
const targetedFacts = { ...onFacts, 'security-settings': settings, 'defender-policies': policies(assignmentFacts()) };

type Policy = ExclusionPolicies['policies'][number];
const servers: Policy['groups'][number] = {
  id: 'g',
  name: 'Servers',
  rule: '(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server")',
  processing: true,
  members: 0,
};
const exclusions = (...over: Partial<Policy>[]): { 'exclusion-policies': ExclusionPolicies } => ({
  'exclusion-policies': {
    policies: over.map((one, index) => ({
      id: `p${index}`,
      name: `Old product ${index}`,
      platform: 'windows',
      processes: ['C:\\Program Files\\CrowdStrike\\CSFalconService.exe'],
      paths: [],
      extensions: [],
      toAllDevices: false,
      leavesOut: [],
      groups: [servers],
      ...one,
    })),
    deviceGroups: [],
  },
});
const withProduct = (vendor = 'CrowdStrike', over: object = {}) => ({
  machine: { name: `srv-${vendor.toLowerCase().replaceAll(' ', '-')}`, ...over },
  evidence: { guest: guestFacts({ thirdParty: [{ vendor, running: true, traces: ['service'] }] }) },
});
const probed = { evidence: { guest: guestFacts() } };
const failed = (exitCode: number | null, over: object = {}) => ({
  'defender-extension': extensionFacts({
    state: 'Failed',
    exitCode,
    message: `Failed to configure: exit code ${exitCode}: KB5031419.`,
    ...over,
  }),
});
const onboarded = (over: object = {}) =>
  guestFacts({ onboarded: true, sensor: 'running', defender: antivirus({ mode: 'Passive Mode' }), ...over });
const mdatp = (over: object = {}) =>
  onboarded({
    platform: 'linux',
    feature: null,
    defender: antivirus({ signatureAgeDays: null, definitions: 'up_to_date', version: '101.25092.0005', ...over }),
  });
const pending = (kb: string, name = kb) => updateFacts({ pending: [{ kb, name, classification: 'Updates' }] });

export const onboardCases: Readonly<Record<string, StepCases>> = {
  'third-party-excludes-defender': {
    ready: [],
    'not-ready': [],
    unknown: [{ name: 'nobody has vouched for it', code: 'not-attested', fix: /attest third-party-excludes-defender/ }],
  },
  'defender-excludes-third-party': {
    ready: [
      {
        name: 'the product seen is excluded for the servers',
        evidence: exclusions({}),
        others: [withProduct()],
        ...readyCase(/“Old product 0” excludes CrowdStrike; 1 Windows server not probed$/),
      },
      { name: 'for all devices', evidence: exclusions({ groups: [], toAllDevices: true }), others: [withProduct()], code: 'ready' },
      {
        name: 'each product by a policy of its own',
        evidence: { ...exclusions({}, { paths: ['C:\\Program Files\\Sophos\\*'], processes: [] }), ...probed.evidence },
        others: [withProduct(), withProduct('Sophos')],
        code: 'ready',
        says: /CrowdStrike, Sophos$/,
      },
      {
        name: 'a vendor nobody has marks for, by its name',
        evidence: exclusions({ paths: ['C:\\Program Files\\Acme EPP\\'] }),
        others: [withProduct('Acme EPP')],
        code: 'ready',
      },
      { name: 'no product anywhere', evidence: { ...exclusions(), ...probed.evidence }, code: 'ready', says: /no product/ },
      {
        name: 'one policy that reaches nobody beside one that does',
        evidence: exclusions({ groups: [] }, {}),
        others: [withProduct()],
        code: 'ready',
      },
    ],
    'not-ready': [
      {
        name: 'assigned to nobody',
        evidence: exclusions({ groups: [] }),
        others: [withProduct()],
        code: 'exclusions-not-assigned',
        fix: /MicrosoftSense/,
      },
      {
        name: 'assigned to a group no server will ever be in',
        evidence: exclusions({
          groups: [{ ...servers, rule: '(device.deviceOSType -eq "Windows") and (device.managementType -eq "MDM")' }],
        }),
        others: [withProduct()],
        code: 'exclusions-wrong-group',
      },
      {
        name: 'assigned to a group that is not dynamic',
        evidence: exclusions({ groups: [{ ...servers, rule: '' }] }),
        others: [withProduct()],
        code: 'exclusions-wrong-group',
      },
      {
        name: 'a rule that is not processed',
        evidence: exclusions({ groups: [{ ...servers, processing: false }] }),
        others: [withProduct()],
        code: 'exclusions-group-paused',
        says: /“Servers”/,
      },
    ],
    unknown: [
      {
        name: 'there is no policy',
        evidence: exclusions(),
        others: [withProduct()],
        code: 'exclusions-not-found',
        fix: /attest defender-excludes/,
      },
      {
        name: 'a policy for another product',
        evidence: exclusions({}),
        others: [withProduct('Sophos')],
        code: 'exclusions-not-found',
        says: /Sophos/,
      },
      {
        name: 'a product on Linux alone is not what it is about',
        evidence: exclusions({}),
        others: [withProduct('Sophos', linux)],
        code: 'products-unread',
      },
      {
        name: 'nothing seen where the probe could not look everywhere',
        evidence: { ...exclusions({}), guest: guestFacts({ unchecked: ['drivers'] }) },
        code: 'products-unread',
      },
      { name: 'nobody was probed', evidence: exclusions({}), code: 'products-unread' },
      {
        name: 'it leaves some out',
        evidence: exclusions({ leavesOut: ['Pilot'] }),
        others: [withProduct()],
        code: 'exclusions-leave-out',
        says: /Pilot/,
      },
    ],
  },
  'arc-connected-for-onboarding': {
    ready: [{ name: 'connected, with nothing in the way', machine: arc, code: 'ready' }],
    'not-ready': [
      ...arcCases['not-ready'],
      {
        name: 'its lists keep the extension out',
        machine: { ...arc, refuses: { defender: true, runCommand: false } },
        code: 'arc-refuses-defender',
      },
    ],
    unknown: [...arcCases.unknown, { name: 'its lists could not be told', machine: { ...arc, refuses: null }, code: 'arc-lists-unread' }],
  },
  'endpoint-protection-on': {
    ready: [
      { name: 'for the subscription', evidence: onFacts, code: 'ready', says: /^on for the subscription$/ },
      {
        name: 'companions off that nobody there needs',
        evidence: { ...onFacts, 'security-settings': { ...on, includesLinux: false, unifiedSolution: false } },
        code: 'ready',
      },
      {
        name: 'companions that are not listed',
        evidence: { ...onFacts, 'security-settings': { ...on, includesLinux: null, unifiedSolution: null } },
        machine: linux,
        code: 'ready',
      },
      {
        name: 'on, and policies that leave servers out in vain',
        evidence: { ...onFacts, 'defender-policies': policies(assignmentFacts({ excludes: ['/subscriptions/s/resourcegroups/rg-x'] })) },
        code: 'ready',
        says: /that “Server agents” leaves servers out has no effect/,
      },
      {
        name: 'targeted, and it reaches them all',
        evidence: targetedFacts,
        others: [{ machine: { ...arc, ...linux } }],
        code: 'ready',
        says: /^deployed by “Server agents”$/,
      },
      {
        name: 'targeted, with how far it is',
        evidence: {
          ...targetedFacts,
          'policy-progress': { assignments: [{ ...assignmentFacts(), compliant: 3, nonCompliant: 1, judged: true }], remediations: [] },
        },
        code: 'ready',
        says: /: 3 of 4 comply$/,
      },
      {
        name: 'targeted by a remediation, at a resource group that holds them all',
        evidence: {
          ...targetedFacts,
          'defender-policies': policies(
            assignmentFacts({
              enforcement: 'DoNotEnforce',
              remediating: true,
              scope: '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/RG-A',
            }),
          ),
        },
        code: 'ready',
      },
      { name: 'targeted, whatever a machine’s system turns out to be', machine: { os: null }, evidence: targetedFacts, code: 'ready' },
      {
        name: 'targeted from a management group, a connector’s machine and one outside the list aside',
        evidence: {
          ...targetedFacts,
          'defender-policies': policies(
            assignmentFacts({ scope: '/providers/microsoft.management/managementgroups/corp', deploys: ['azure-windows'] }),
          ),
        },
        others: [
          { machine: { ...arc, name: 'ec2', tags: { MDFCSecurityConnector: 'true' } } },
          { machine: { name: 'fax', os: 'unsupported' } },
        ],
        code: 'ready',
      },
    ],
    'not-ready': [
      { name: 'the plan is off', evidence: { ...onFacts, 'defender-plan': free }, code: 'plan-off' },
      { name: 'the setting is off', evidence: { ...onFacts, 'security-settings': settings }, code: 'setting-off' },
      {
        name: 'a policy that only watches deploys nothing',
        evidence: { ...targetedFacts, 'defender-policies': policies(assignmentFacts({ enforcement: 'DoNotEnforce' })) },
        code: 'setting-off',
      },
      {
        name: 'off, and a policy is about to turn it on',
        evidence: {
          ...targetedFacts,
          'defender-policies': policies(assignmentFacts({ name: 'Flipper', does: 'turns-endpoint-protection-on', deploys: [] })),
        },
        code: 'setting-off',
        says: /“Flipper” will turn it on/,
      },
      {
        name: 'Linux excluded',
        machine: linux,
        evidence: { ...onFacts, 'security-settings': { ...on, includesLinux: false } },
        code: 'linux-excluded',
      },
      {
        name: 'no unified solution for a 2016',
        machine: r2016,
        evidence: { ...onFacts, 'security-settings': { ...on, unifiedSolution: false } },
        code: 'unified-off',
      },
      {
        name: 'targeted, without the policy for Linux',
        evidence: { ...targetedFacts, 'defender-policies': policies(assignmentFacts({ deploys: ['azure-windows'] })) },
        others: [{ machine: { ...linux, name: 'lnx-1' } }],
        code: 'targeted-incomplete',
        says: /leaves out lnx-1/,
      },
      {
        name: 'targeted, with a resource group left out',
        evidence: {
          ...targetedFacts,
          'defender-policies': policies(
            assignmentFacts({ excludes: ['/subscriptions/22222222-2222-4222-8222-222222222222/resourcegroups/rg-a'] }),
          ),
        },
        code: 'targeted-incomplete',
        says: /srv-01/,
      },
      {
        name: 'targeted at another region',
        evidence: {
          ...targetedFacts,
          'defender-policies': policies(assignmentFacts({ selects: [[{ what: 'location', in: ['northeurope'], notIn: null }]] })),
        },
        code: 'targeted-incomplete',
      },
      {
        name: 'targeted at another resource group',
        evidence: {
          ...targetedFacts,
          'defender-policies': policies(
            assignmentFacts({ scope: '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg' }),
          ),
        },
        code: 'targeted-incomplete',
      },
      {
        name: 'targeted, with a Windows Server 2025 on Arc',
        machine: { ...arc, os: 'windows-server-2025', name: 'br-03' },
        evidence: targetedFacts,
        code: 'arc-2025',
        says: /does not know Windows Server 2025: br-03/,
      },
    ],
    unknown: [
      {
        name: 'a setting that is not listed',
        evidence: { ...onFacts, 'security-settings': { ...on, endpointProtection: null } },
        code: 'setting-not-listed',
      },
      {
        name: 'targeted, with a machine whose system nobody reports',
        machine: { os: null },
        evidence: { ...targetedFacts, 'defender-policies': policies(assignmentFacts({ deploys: ['azure-windows'] })) },
        code: 'targeted-unclear',
      },
    ],
  },
  'defender-extension-healthy': {
    ready: [{ name: 'succeeded', evidence: { 'defender-extension': extensionFacts() }, code: 'ready', says: /MDE.Windows 1.0/ }],
    'not-ready': [
      { name: 'not there', evidence: { 'defender-extension': { present: false } }, code: 'extension-missing' },
      ...['Creating', 'Updating', 'Deleting'].map(
        (state): Case => ({
          name: state,
          evidence: { 'defender-extension': extensionFacts({ state }) },
          code: 'extension-under-way',
          fix: /^Wait/,
        }),
      ),
      ...[1, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 30, 31, 32, 33, 36, 38, 39].map(
        (code): Case => ({
          name: `Windows, ${code}`,
          evidence: failed(code),
          code: `exit-${code}`,
          says: new RegExp(`ended with ${code}: `),
        }),
      ),
      ...[2, 12, 15, 24, 25, 26, 40, 41, 45].map(
        (code): Case => ({ name: `Linux, ${code}`, machine: linux, evidence: failed(code, { type: 'MDE.Linux' }), code: `exit-${code}` }),
      ),
      {
        name: 'what the message names is shown where it counts',
        evidence: failed(12),
        code: 'exit-12',
        says: /\(KB5031419\)$/,
        fix: /Restart/,
      },
      { name: 'and left out where it does not', evidence: failed(4), code: 'exit-4', says: /package source$/ },
      {
        name: 'a code nobody knows',
        evidence: failed(99),
        code: 'extension-failed',
        says: /ended with 99, which is not documented: Failed to configure/,
      },
      { name: 'no code', evidence: failed(null, { message: ' It\nbroke. ' }), code: 'extension-failed', says: /is failed: It broke$/ },
      { name: 'no message', evidence: failed(null, { message: '' }), code: 'extension-failed', says: /is failed$/ },
    ],
    unknown: [{ name: 'no state', evidence: { 'defender-extension': extensionFacts({ state: '' }) }, code: 'extension-state-unread' }],
  },
  'protection-updates-current': {
    ready: [
      { name: 'fresh, and nothing of it pending', evidence: { guest: onboarded(), updates: updateFacts() }, code: 'ready' },
      { name: 'pending updates that are not Defender’s', evidence: { guest: onboarded(), updates: pending('KB5999019') }, code: 'ready' },
      {
        name: 'the sensor’s update, where the system has the sensor',
        evidence: { guest: onboarded(), updates: pending('KB5005292') },
        code: 'ready',
      },
      {
        name: '2016, assessed since it was seen onboarded',
        machine: r2016,
        evidence: {
          guest: onboarded({ history: { productSeen: null, cleanSince: null, onboardedSince: NOW - 5 * DAY } }),
          updates: updateFacts(),
        },
        code: 'ready',
      },
      { name: 'Linux, never assessed', machine: linux, evidence: { guest: mdatp() }, code: 'ready', says: /mdatp 101/ },
    ],
    'not-ready': [
      { name: 'not onboarded', evidence: { guest: guestFacts() }, code: 'not-onboarded' },
      { name: 'Defender does not answer', evidence: { guest: onboarded({ defender: null }) }, code: 'no-defender' },
      {
        name: 'old definitions',
        evidence: { guest: onboarded({ defender: antivirus({ signatureAgeDays: 4 }) }) },
        code: 'definitions-old',
        says: /more than 3 days/,
      },
      {
        name: 'old definitions on Linux',
        machine: linux,
        evidence: { guest: mdatp({ definitions: 'not_installed' }) },
        code: 'definitions-old',
        says: /not installed/,
      },
      {
        name: 'an old platform',
        evidence: { guest: onboarded({ defender: antivirus({ version: '4.18.2207.7' }) }) },
        code: 'platform-old',
      },
      { name: 'the platform pending', evidence: { guest: onboarded(), updates: pending('KB4052623') }, code: 'platform-pending' },
      {
        name: 'the sensor pending, on 2016',
        machine: r2016,
        evidence: { guest: onboarded(), updates: pending('KB5005292') },
        code: 'sensor-pending',
      },
      {
        name: 'the package pending, on Linux',
        machine: linux,
        evidence: { guest: mdatp(), updates: pending('', 'mdatp') },
        code: 'platform-pending',
      },
    ],
    unknown: [
      {
        name: 'no age of the definitions',
        evidence: { guest: onboarded({ defender: antivirus({ signatureAgeDays: null }) }) },
        code: 'definitions-unread',
      },
      {
        name: 'no state of the definitions on Linux',
        machine: linux,
        evidence: { guest: mdatp({ definitions: '' }) },
        code: 'definitions-unread',
      },
      { name: 'no platform version', evidence: { guest: onboarded({ defender: antivirus({ version: '' }) }) }, code: 'platform-unread' },
      { name: 'updates unread', evidence: { guest: onboarded() }, code: 'unread' },
      { name: 'never assessed', evidence: { guest: onboarded(), updates: { assessed: false } }, code: 'never-assessed' },
      { name: 'the assessment failed', evidence: { guest: onboarded(), updates: updateFacts({ error: 'x' }) }, code: 'assessment-failed' },
      {
        name: 'the assessment is old',
        evidence: { guest: onboarded(), updates: updateFacts({ assessedAt: NOW - 4 * DAY }) },
        code: 'assessment-old',
      },
      {
        name: '2016, assessed before it was seen onboarded',
        machine: r2016,
        evidence: {
          guest: onboarded({ history: { productSeen: null, cleanSince: null, onboardedSince: NOW - HOUR / 2 } }),
          updates: updateFacts(),
        },
        code: 'assessed-before-onboarding',
      },
      {
        name: '2016, seen onboarded for the first time',
        machine: r2016,
        evidence: { guest: onboarded(), updates: updateFacts() },
        code: 'assessed-before-onboarding',
      },
      {
        name: 'clean, from a WSUS that never offers Defender',
        evidence: { guest: onboarded({ wsus: client.wsus }), updates: updateFacts({ service: 'WU-WSUS' }) },
        others: [wsusNamed(wsusServer({ products: [] }))],
        code: 'clean-proves-nothing',
      },
    ],
  },
};

function readyCase(says: RegExp) {
  return { code: 'ready', says };
}
