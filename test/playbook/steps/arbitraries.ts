import fc from 'fast-check';
import type { EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import type { GuestPart } from '../../../core/facts/guest.ts';
import { DAY } from '../../../core/instant.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import { machineFacts, NOW, SUBSCRIPTION } from '../../support/facts.ts';

/** Any fact of any kind, odd ones included: what machines and services might print is not to be trusted to make sense. */

const text = fc.oneof(
  fc.constantFrom(
    '',
    'constructor',
    'srv-01',
    'SRV-WSUS-01',
    'http://srv-01:8530',
    'Defender',
    '.',
    '(',
    'a\nb. ',
    '“”',
    '%',
    'x'.repeat(300),
  ),
  fc.string({ maxLength: 12 }),
);
const texts = fc.array(text, { maxLength: 3 });
const instant = fc.oneof(
  fc.constantFrom(0, NOW, NOW - 1, NOW - 2 * DAY, NOW - 30 * DAY, NOW + DAY),
  fc.integer({ min: 0, max: NOW + DAY }),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary);
const count = fc.nat({ max: 400 });

const os = fc.constantFrom(
  null,
  'windows-server-2012-r2',
  'windows-server-2016',
  'windows-server-2019',
  'windows-server-2022',
  'windows-server-2025',
  'linux',
  'unsupported',
) satisfies fc.Arbitrary<MachineFacts['os']>;

export const machine: fc.Arbitrary<MachineFacts> = fc
  .record({
    name: fc.oneof(fc.constantFrom('srv-01', 'srv-wsus-01'), text),
    kind: fc.constantFrom('azure-vm', 'arc', 'listed'),
    os,
    osLabel: text,
    status: fc.oneof(fc.constantFrom('Connected', 'Disconnected', 'Expired', 'Error', 'PowerState/running'), text),
    configMode: maybe(fc.oneof(fc.constantFrom('full', 'monitor'), text)),
    refuses: maybe(fc.record({ defender: fc.boolean(), runCommand: fc.boolean() })),
    fqdn: fc.constantFrom('', 'srv-wsus-01.corp.example'),
    esu: fc.constantFrom(null, 'assigned', 'not-assigned'),
    tags: fc.constantFrom<Record<string, string>>({}, { ring: 'canary' }, { MDFCSecurityConnector: 'true' }),
  })
  .map((over) => machineFacts({ ...over, id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg/providers/x/${over.name}-${over.kind}` }));

const antivirus = fc.record({
  mode: fc.oneof(
    fc.constantFrom('Normal', 'Passive', 'Passive Mode', 'SxS Passive Mode', 'EDR Block Mode', 'Not running', 'Unknown'),
    text,
  ),
  antivirusEnabled: fc.boolean(),
  realTimeProtection: fc.boolean(),
  tamperProtected: fc.boolean(),
  signatureAgeDays: maybe(count),
  definitions: maybe(fc.oneof(fc.constantFrom('up_to_date', 'outdated', 'not_installed', 'unknown'), text)),
  version: fc.oneof(fc.constantFrom('4.18.25110.6', '4.18.2207.7', '101.25092.0005', '1', '4.18'), text),
  healthy: fc.boolean(),
});

const rule = fc.record({ name: text, enabled: fc.boolean(), products: maybe(texts), classifications: maybe(texts) });
const names = fc.subarray([
  'Windows Defender',
  'Microsoft Defender for Endpoint',
  'Windows Server 2012 R2',
  'Definition Updates',
  'Updates',
  'Security Updates',
]);

export const guest: fc.Arbitrary<EvidenceOf['guest']> = fc.record({
  platform: fc.constantFrom('windows', 'linux'),
  vmId: fc.constantFrom('vm-1', 'vm-2', ''),
  host: text,
  osBuild: text,
  lastBoot: maybe(instant),
  passiveKey: fc.constantFrom(null, 0, 1),
  passiveManaged: fc.boolean(),
  onboarded: fc.boolean(),
  sensor: fc.constantFrom('running', 'stopped', 'absent'),
  feature: fc.constantFrom(null, 'installed', 'available', 'removed'),
  defender: maybe(antivirus),
  disabledByPolicy: fc.boolean(),
  rebootPending: fc.boolean(),
  rebootReasons: texts,
  wsus: maybe(fc.record({ server: fc.oneof(fc.constantFrom('http://srv-01:8530', 'srv-wsus-01.corp.example'), text) })),
  wsusServer: maybe(
    fc.record({
      products: fc.oneof(names, texts),
      classifications: fc.oneof(names, texts),
      rules: fc.array(rule, { maxLength: 2 }),
      lastSync: maybe(instant),
      shortened: fc.boolean(),
    }),
  ),
  hotfixes: fc.subarray(['KB5031419', 'KB4052623']),
  thirdParty: fc.array(
    fc.record({
      vendor: fc.oneof(fc.constantFrom('CrowdStrike', 'Sophos'), text),
      running: fc.boolean(),
      traces: fc.subarray(['service', 'driver', 'program', 'files']),
    }),
    { maxLength: 3 },
  ),
  unchecked: fc.oneof(
    { weight: 3, arbitrary: fc.constant<GuestPart[]>([]) },
    fc.subarray<GuestPart>(['services', 'drivers', 'wsus', 'wsus-server', 'feature', 'reboot', 'last-boot']),
  ),
});

const history = fc.record({ productSeen: maybe(instant), cleanSince: maybe(instant), onboardedSince: maybe(instant) });

const assignment = fc.record({
  id: text,
  name: text,
  scope: fc.constantFrom(
    '',
    `/subscriptions/${SUBSCRIPTION}`,
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/`,
    '/providers/x/managementGroups/corp',
  ),
  does: fc.constantFrom('deploys-agent', 'turns-endpoint-protection-on'),
  enforcement: fc.constantFrom('Default', 'DoNotEnforce', 'Enroll', ''),
  remediating: fc.boolean(),
  deploys: fc.subarray(['azure-windows', 'azure-linux', 'arc-windows', 'arc-linux']),
  excludes: fc.subarray([`/subscriptions/${SUBSCRIPTION}/resourcegroups/rg`, '']),
  selects: fc.constantFrom([], [[{ what: 'location' as const, in: ['northeurope'], notIn: null }]]),
}) satisfies fc.Arbitrary<EvidenceOf['defender-policies']['assignments'][number]>;

const joined = { deviceId: text, joinedBy: fc.constantFrom('resource-id', 'vm-id', 'name') } as const;

/** One arbitrary a kind. */
export const facts: { readonly [K in EvidenceKind]: fc.Arbitrary<EvidenceOf[K]> } = {
  'server-list': fc.constant({ loaded: false }),
  machine,
  'defender-extension': fc.oneof(
    fc.constant({ present: false } as const),
    fc.record({
      present: fc.constant(true as const),
      type: fc.constantFrom('MDE.Windows', 'MDE.Linux', ''),
      state: fc.oneof(fc.constantFrom('Succeeded', 'Failed', 'Creating', 'Updating', 'Deleting', 'Canceled'), text),
      version: text,
      message: text,
      exitCode: maybe(fc.integer({ min: -1, max: 60 })),
    }),
  ),
  guest: fc.tuple(guest, maybe(history)).map(([seen, past]) => (past ? { ...seen, history: past } : seen)),
  updates: fc.oneof(
    fc.constant({ assessed: false } as const),
    fc.record({
      assessed: fc.constant(true as const),
      assessedAt: instant,
      service: fc.oneof(fc.constantFrom('WU', 'WU-WSUS', 'MU', ''), text),
      rebootPending: fc.boolean(),
      error: fc.constantFrom('', '', 'x'),
      pending: fc.array(
        fc.record({
          kb: fc.constantFrom('', 'KB4052623', 'KB5005292', 'KB2267602', 'KB2999226', 'KB1'),
          name: text,
          classification: fc.constantFrom('Security', 'Critical', 'Definition', 'Updates', 'UpdateRollup', ''),
        }),
        { maxLength: 6 },
      ),
    }),
  ),
  'machine-configuration': fc.record({
    assignments: fc.array(
      fc.record({
        name: fc.oneof(
          fc.constantFrom('ForceDefenderPassiveMode', 'WindowsDefenderRealTimeProtection', 'NotInstalledApplicationForWindows'),
          text,
        ),
        state: fc.oneof(fc.constantFrom('Compliant', 'NonCompliant', 'Pending'), text),
        checkedAt: maybe(instant),
        reasons: texts,
      }),
      { maxLength: 3 },
    ),
  }),
  maintenance: fc.constant({ configurations: [] }),
  device: fc.oneof(
    fc.constant({ found: false } as const),
    fc.record({
      found: fc.constant(true as const),
      ...joined,
      onboarded: fc.boolean(),
      sensorHealth: fc.oneof(fc.constantFrom('Active', 'Inactive', 'Misconfigured'), text),
      lastSeen: maybe(instant),
      antivirusMode: fc.constantFrom(null, 'active', 'passive', 'disabled', 'edr-blocked', 'passive-audit'),
      modeSeen: maybe(instant),
    }),
  ),
  management: fc.oneof(
    fc.constant({ found: false } as const),
    fc.record({
      found: fc.constant(true as const),
      ...joined,
      managedBy: fc.oneof(fc.constantFrom('MicrosoftDefenderForEndpoint', 'Intune', 'SystemCenterConfigurationManager', 'Unknown'), text),
      status: fc.oneof(fc.constantFrom('Success', 'Error', 'Unknown'), text),
      onboarding: text,
      health: text,
      lastSeen: maybe(instant),
    }),
  ),
  'edr-assessment': fc.oneof(
    fc.constant({ assessed: false } as const),
    fc.record({ assessed: fc.constant(true as const), code: text, cause: text, product: maybe(text) }),
  ),
  'security-settings': fc.record({
    endpointProtection: maybe(fc.boolean()),
    unifiedSolution: maybe(fc.boolean()),
    includesLinux: maybe(fc.boolean()),
  }),
  'defender-plan': fc.record({ tier: fc.constantFrom('Free', 'Standard'), subPlan: maybe(text), extensions: fc.constant({}) }),
  'defender-policies': fc.record({ assignments: fc.array(assignment, { maxLength: 3 }) }),
  'policy-progress': fc.record({
    assignments: fc.array(fc.record({ id: text, name: text, compliant: count, nonCompliant: count, judged: fc.boolean() }), {
      maxLength: 2,
    }),
    remediations: fc.constant([]),
  }),
  'onboarding-package': fc.record({ windows: maybe(text), linux: maybe(text) }),
  'exclusion-policies': fc.record({
    policies: fc.array(
      fc.record({
        id: text,
        name: text,
        platform: fc.constantFrom('windows', 'linux'),
        processes: fc.oneof(fc.constant(['C:\\CrowdStrike\\x.exe']), texts),
        paths: texts,
        extensions: texts,
        toAllDevices: fc.boolean(),
        leavesOut: texts,
        groups: fc.array(
          fc.record({
            id: text,
            name: text,
            rule: fc.constantFrom('', 'MicrosoftSense', 'x'),
            processing: fc.boolean(),
            members: maybe(count),
          }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 3 },
    ),
    deviceGroups: fc.constant([]),
  }),
};
