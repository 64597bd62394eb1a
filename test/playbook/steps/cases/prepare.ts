import type { DefenderAssignment } from '../../../../core/facts/defender.ts';
import type { GuestFacts, WsusServerFacts } from '../../../../core/facts/guest.ts';
import type { ConfigurationFacts } from '../../../../core/facts/updates.ts';
import { DAY, HOUR } from '../../../../core/instant.ts';
import { antivirus, assignmentFacts, extensionFacts, guestFacts, type machineFacts, NOW, updateFacts } from '../../../support/facts.ts';
import type { Case, StepCases } from './case.ts';

const arc = { kind: 'arc', status: 'Connected', configMode: 'full' } as const;
export const settings = { endpointProtection: false, unifiedSolution: true, includesLinux: true };
export const standard = { tier: 'Standard', subPlan: 'P2', extensions: {} } as const;
export const free = { tier: 'Free', subPlan: null, extensions: {} } as const;
export const policies = (...assignments: DefenderAssignment[]) => ({ assignments });
const crowdstrike = { vendor: 'CrowdStrike', running: true, traces: ['service'] } as const;

/** What a machine configuration assignment found, an hour after the probe of a case unless told otherwise. */
export function audit(name: string, state: string, checkedAt: number | null = NOW): ConfigurationFacts {
  return { assignments: [{ name, state, checkedAt, reasons: [] }] };
}

/** A WSUS that takes and approves all of Defender, except as said. */
export function wsusServer(over: Partial<WsusServerFacts> = {}): GuestFacts {
  const products = ['Windows Server 2012 R2', 'Windows Server 2016', 'Microsoft Defender Antivirus', 'Microsoft Defender for Endpoint'];
  const classifications = ['Critical Updates', 'Security Updates', 'Definition Updates', 'Updates'];
  return guestFacts({
    wsusServer: {
      products,
      classifications,
      rules: [{ name: 'all', enabled: true, products, classifications }],
      lastSync: NOW - HOUR,
      shortened: false,
      ...over,
    },
  });
}

export const client = guestFacts({ wsus: { server: 'http://srv-wsus-01.corp.example:8530' } });
/** The WSUS of {@link client}, as a machine of the migration. */
export const wsusNamed = (guest: GuestFacts | null, over: Parameters<typeof machineFacts>[0] = {}) => ({
  machine: { name: 'SRV-WSUS-01', ...over },
  evidence: guest ? { guest } : {},
});
const pending = (kb: string, classification: string, name = kb) => ({ kb, name, classification });
const noSensor = { products: ['Microsoft Defender Antivirus'], classifications: ['Definition Updates', 'Updates'] };
const r2 = { os: 'windows-server-2012-r2', osLabel: 'Windows Server 2012 R2' } as const;
const r2016 = { os: 'windows-server-2016', osLabel: 'Windows Server 2016' } as const;

/** How Arc stands, for both steps that ask. */
export const arcCases: Pick<StepCases, 'not-ready' | 'unknown'> = {
  'not-ready': [
    { name: 'disconnected', machine: { ...arc, status: 'Disconnected' }, code: 'arc-disconnected', says: /Disconnected/ },
    { name: 'in error', machine: { ...arc, status: 'Error' }, code: 'arc-disconnected', says: /Error/ },
    { name: 'expired', machine: { ...arc, status: 'Expired' }, code: 'arc-expired', fix: /azcmagent disconnect/ },
    { name: 'in monitor mode', machine: { ...arc, configMode: 'Monitor' }, code: 'arc-monitor', fix: /config.mode full/ },
    { name: 'listed, and nowhere in Azure', machine: { kind: 'listed', os: null, status: '' }, code: 'not-in-azure' },
  ],
  unknown: [{ name: 'Azure tells no status', machine: { ...arc, status: '' }, code: 'arc-status-unread' }],
};

const offFacts = { 'security-settings': settings, 'defender-policies': policies(), 'defender-plan': standard };
const flipper = assignmentFacts({ id: '/a/2', name: 'Defender settings', does: 'turns-endpoint-protection-on', deploys: [] });

export const prepareCases: Readonly<Record<string, StepCases>> = {
  'arc-connected': {
    ready: [
      { name: 'connected', machine: arc, code: 'ready' },
      { name: 'an agent too old for modes', machine: { ...arc, configMode: null }, code: 'ready' },
    ],
    ...arcCases,
  },
  'endpoint-protection-off': {
    ready: [
      { name: 'off, and no policy', evidence: offFacts, code: 'ready', says: /^off, and no policy turns it on$/ },
      {
        name: 'a policy that only watches',
        evidence: { ...offFacts, 'defender-policies': policies(assignmentFacts({ enforcement: 'DoNotEnforce' })) },
        code: 'ready',
      },
      {
        name: 'on without a plan, with the warning',
        evidence: { ...offFacts, 'security-settings': { ...settings, endpointProtection: true }, 'defender-plan': free },
        code: 'ready',
        says: /enabling it switches endpoint protection on/,
      },
      {
        name: 'off without a plan, with the same warning',
        evidence: { ...offFacts, 'defender-plan': free },
        code: 'ready',
        says: /enabling it/,
      },
      {
        name: 'extensions from before, with their servers',
        evidence: offFacts,
        others: [
          { machine: { name: 'tst-2' }, evidence: { 'defender-extension': extensionFacts() } },
          { machine: { name: 'tst-3' }, evidence: { 'defender-extension': { present: false } } },
          { machine: { name: 'elsewhere', subscriptionId: 'other' }, evidence: { 'defender-extension': extensionFacts() } },
        ],
        code: 'ready',
        says: /; 1 server already had the extension: tst-2$/,
      },
    ],
    'not-ready': [
      {
        name: 'the setting',
        evidence: { ...offFacts, 'security-settings': { ...settings, endpointProtection: true } },
        code: 'setting-on',
      },
      {
        name: 'a policy that turns it back on',
        evidence: { ...offFacts, 'defender-policies': policies(flipper) },
        code: 'policy-acts',
        says: /“Defender settings” turns it back on/,
      },
      {
        name: 'a policy that acts through a remediation',
        evidence: { ...offFacts, 'defender-policies': policies(assignmentFacts({ enforcement: 'DoNotEnforce', remediating: true })) },
        code: 'policy-acts',
        says: /“Server agents” deploys it/,
      },
      {
        name: 'a policy while the plan is off',
        evidence: { ...offFacts, 'defender-plan': free, 'defender-policies': policies(flipper) },
        code: 'policy-acts',
      },
      {
        name: 'both, said together',
        evidence: {
          ...offFacts,
          'security-settings': { ...settings, endpointProtection: true },
          'defender-policies': policies(assignmentFacts(), flipper),
        },
        code: 'setting-and-policy',
        says: /“Server agents” deploys it, “Defender settings” turns it back on/,
        fix: /DoNotEnforce, then request/,
      },
    ],
    unknown: [
      {
        name: 'a setting that is not listed',
        evidence: { ...offFacts, 'security-settings': { ...settings, endpointProtection: null } },
        code: 'setting-not-listed',
      },
    ],
  },
  'passive-mode-set': {
    ready: [
      { name: 'the key is 1', evidence: { guest: guestFacts({ passiveKey: 1 }) }, code: 'ready' },
      {
        name: 'an audit that agrees, could not tell, or looked earlier',
        evidence: {
          guest: guestFacts({ passiveKey: 1 }),
          'machine-configuration': audit('ForceDefenderPassiveMode', 'NonCompliant', NOW - 2 * HOUR),
        },
        at: { guest: NOW - HOUR },
        code: 'ready',
      },
      {
        name: 'no longer needed: Defender is the only active engine that was seen',
        evidence: { guest: guestFacts({ onboarded: true, defender: antivirus() }) },
        code: 'ready',
        says: /^no longer needed/,
      },
    ],
    'not-ready': [
      { name: 'no key', evidence: { guest: guestFacts() }, code: 'key-missing', says: /not set/ },
      { name: 'the key is 0', evidence: { guest: guestFacts({ passiveKey: 0 }) }, code: 'key-missing', says: /is 0/ },
      { name: 'Defender alone, never onboarded', evidence: { guest: guestFacts({ defender: antivirus() }) }, code: 'key-missing' },
      {
        name: 'onboarded and active beside another product',
        evidence: { guest: guestFacts({ onboarded: true, defender: antivirus(), thirdParty: [crowdstrike] }) },
        code: 'both-active',
        says: /CrowdStrike/,
      },
    ],
    unknown: [
      {
        name: 'active, and the probe could not look for another product everywhere',
        evidence: { guest: guestFacts({ onboarded: true, defender: antivirus(), unchecked: ['services'] }) },
        code: 'products-unchecked',
        says: /the services/,
      },
      {
        name: 'an audit that missed the key later',
        evidence: {
          guest: guestFacts({ passiveKey: 1 }),
          'machine-configuration': audit('Audit_ForceDefenderPassiveMode', 'NonCompliant'),
        },
        at: { guest: NOW - HOUR },
        code: 'sources-disagree',
        says: /Audit_ForceDefenderPassiveMode/,
      },
    ],
  },
  'wsus-serves-defender': {
    ready: [
      { name: 'no WSUS', evidence: { guest: guestFacts() }, code: 'ready', says: /not from a WSUS/ },
      { name: 'a WSUS that serves it', evidence: { guest: client }, others: [wsusNamed(wsusServer())], code: 'ready', says: /SRV-WSUS-01/ },
      {
        name: 'a WSUS without the sensor, where the system has it',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer(noSensor))],
        code: 'ready',
      },
      {
        name: 'a rule that names no product is for all',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ rules: [{ name: 'all', enabled: true, products: null, classifications: null }] }))],
        code: 'ready',
      },
      {
        name: 'the product by its old name, and a last synchronisation nobody tells',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ products: ['Windows Defender'], lastSync: null, rules: wsusServer().wsusServer!.rules }))],
        code: 'ready',
      },
    ],
    'not-ready': [
      {
        name: 'a WSUS that never offers Defender',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ products: ['Windows Server 2016'] }))],
        code: 'wsus-no-definitions',
        says: /SRV-WSUS-01 does not take “Definition Updates” for Microsoft Defender Antivirus/,
      },
      {
        name: 'the sensor’s product is not the antivirus’s',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ products: ['Microsoft Defender for Endpoint'] }))],
        code: 'wsus-no-definitions',
      },
      {
        name: 'without the classification',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ classifications: ['Updates'] }))],
        code: 'wsus-no-definitions',
      },
      ...[r2, r2016].map(
        (machine): Case => ({
          name: `without the sensor, on ${machine.osLabel}`,
          machine,
          evidence: { guest: client },
          others: [wsusNamed(wsusServer(noSensor))],
          code: 'wsus-no-sensor',
          says: /Microsoft Defender for Endpoint/,
        }),
      ),
      {
        name: 'no synchronisation for a week',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ lastSync: NOW - 8 * DAY }))],
        code: 'wsus-not-syncing',
      },
    ],
    unknown: [
      {
        name: 'a WSUS that is not among the machines',
        evidence: { guest: client },
        code: 'wsus-unclear',
        fix: /attest wsus-serves-defender/,
      },
      {
        name: 'a WSUS nobody looked into',
        evidence: { guest: client },
        others: [wsusNamed(null)],
        code: 'wsus-unclear',
        fix: /Probe SRV-WSUS-01/,
      },
      {
        name: 'a machine of that name without a WSUS',
        evidence: { guest: client },
        others: [wsusNamed(guestFacts())],
        code: 'wsus-unclear',
      },
      {
        name: 'two machines of that name',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer()), wsusNamed(wsusServer(), { id: '/m/twin' })],
        code: 'wsus-unclear',
        says: /any of 2 machines/,
      },
      {
        name: 'another machine of that name in another domain',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer(), { fqdn: 'srv-wsus-01.other.example' })],
        code: 'wsus-unclear',
      },
      {
        name: 'approved by no enabled rule',
        evidence: { guest: client },
        others: [wsusNamed(wsusServer({ rules: [{ name: 'off', enabled: false, products: [], classifications: [] }] }))],
        code: 'wsus-not-approved',
      },
      {
        name: 'a rule for the sensor is missing, on 2016',
        machine: r2016,
        evidence: { guest: client },
        others: [
          wsusNamed(wsusServer({ rules: [{ name: 'd', enabled: true, products: ['Microsoft Defender Antivirus'], classifications: [] }] })),
        ],
        code: 'wsus-not-approved',
        says: /Defender for Endpoint/,
      },
    ],
  },
  'defender-feature-installed': {
    ready: [
      { name: 'installed', evidence: { guest: guestFacts({ defender: antivirus() }) }, code: 'ready', says: /^installed$/ },
      {
        name: 'kept off by policy until it is onboarded',
        evidence: { guest: guestFacts({ disabledByPolicy: true }) },
        code: 'ready',
        says: /DisableAntiSpyware keeps it off/,
      },
      {
        name: 'a policy that counts no longer, on 2016',
        machine: r2016,
        evidence: { guest: guestFacts({ disabledByPolicy: true, onboarded: true, defender: antivirus() }) },
        code: 'ready',
      },
    ],
    'not-ready': [
      {
        name: 'its files are gone',
        evidence: { guest: guestFacts({ feature: 'removed' }) },
        code: 'needs-wim',
        says: /needs a WIM/,
        fix: /WIM/,
      },
      { name: 'not installed', evidence: { guest: guestFacts({ feature: 'available' }) }, code: 'feature-off' },
      {
        name: 'a policy the installer of 2016 stumbles over',
        machine: r2016,
        evidence: { guest: guestFacts({ disabledByPolicy: true }) },
        code: 'disabled-by-policy',
        says: /39/,
      },
    ],
    unknown: [
      { name: 'the probe could not tell', evidence: { guest: guestFacts({ feature: null }) }, code: 'feature-unread' },
      {
        name: 'what the probe saw of it may not be all',
        evidence: { guest: guestFacts({ defender: antivirus(), unchecked: ['feature'] }) },
        code: 'feature-unread',
      },
      { name: 'installed, and silent', evidence: { guest: guestFacts() }, code: 'feature-silent' },
    ],
  },
  'updates-current': {
    ready: [
      { name: 'clean, from Microsoft', evidence: { updates: updateFacts() }, code: 'ready' },
      {
        name: 'what does not matter is pending',
        evidence: { updates: updateFacts({ pending: [pending('KB890830', 'UpdateRollup')] }) },
        code: 'ready',
      },
      {
        name: 'definitions pending, and fresh by the probe',
        evidence: {
          updates: updateFacts({ pending: [pending('KB2267602', 'Definition')] }),
          guest: guestFacts({ defender: antivirus({ signatureAgeDays: 1 }) }),
        },
        code: 'ready',
      },
      {
        name: 'clean, from a WSUS that offers Defender',
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        others: [wsusNamed(wsusServer())],
        code: 'ready',
      },
      {
        name: 'nobody tells who answered, and there is no WSUS',
        evidence: { updates: updateFacts({ service: '' }), guest: guestFacts() },
        code: 'ready',
      },
    ],
    'not-ready': [
      {
        name: 'a security update is pending',
        evidence: { updates: updateFacts({ pending: [pending('KB5999019', 'Security')] }) },
        code: 'updates-pending',
        says: /KB5999019/,
      },
      {
        name: 'the platform is pending',
        evidence: { updates: updateFacts({ pending: [pending('KB4052623', 'Updates')] }) },
        code: 'updates-pending',
      },
      {
        name: 'a prerequisite of 2016 is pending, whatever it is classified as',
        machine: r2016,
        evidence: { updates: updateFacts({ pending: [pending('KB5005698', 'Other')] }) },
        code: 'updates-pending',
      },
      {
        name: 'definitions are pending, and old',
        evidence: {
          updates: updateFacts({ pending: [pending('KB2267602', 'Definition')] }),
          guest: guestFacts({ defender: antivirus({ signatureAgeDays: 9 }) }),
        },
        code: 'updates-pending',
      },
      {
        name: 'definitions are pending, and nobody looked',
        evidence: { updates: updateFacts({ pending: [pending('', 'Definition', 'Security Intelligence Update')] }) },
        code: 'updates-pending',
        says: /Security Intelligence Update/,
      },
    ],
    unknown: [
      { name: 'never assessed', evidence: { updates: { assessed: false } }, code: 'never-assessed' },
      { name: 'the assessment failed', evidence: { updates: updateFacts({ error: '0x8024402c' }) }, code: 'assessment-failed' },
      { name: 'the assessment is old', evidence: { updates: updateFacts({ assessedAt: NOW - 4 * DAY }) }, code: 'assessment-old' },
      {
        name: 'clean, because its WSUS never offers Defender',
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        others: [wsusNamed(wsusServer({ products: ['Windows Server 2016'] }))],
        code: 'clean-proves-nothing',
        says: /SRV-WSUS-01 does not offer “Definition Updates” for Microsoft Defender Antivirus/,
      },
      {
        name: 'clean, because its WSUS never offers the sensor to a 2016',
        machine: r2016,
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        others: [wsusNamed(wsusServer(noSensor))],
        code: 'clean-proves-nothing',
      },
      {
        name: 'clean, from a WSUS nobody looked into',
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        code: 'clean-proves-nothing',
      },
      {
        name: 'clean, from a WSUS that is not known',
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }) },
        code: 'clean-proves-nothing',
      },
      { name: 'clean, and nobody tells who answered', evidence: { updates: updateFacts({ service: '' }) }, code: 'clean-proves-nothing' },
      {
        name: 'clean from a WSUS that the server has left',
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: guestFacts() },
        code: 'clean-proves-nothing',
      },
    ],
  },
  'rollup-current': {
    ready: [
      { name: 'on Azure, with the date of the last', machine: r2, evidence: { updates: updateFacts() }, code: 'ready', says: /2026-10-13/ },
      {
        name: 'on Arc with Extended Security Updates',
        machine: { ...r2, ...arc, esu: 'assigned' },
        evidence: { updates: updateFacts() },
        code: 'ready',
        says: /with Extended.*2026-10-13/,
      },
      {
        name: 'on Arc without them',
        machine: { ...r2, ...arc, esu: 'not-assigned' },
        evidence: { updates: updateFacts() },
        code: 'ready',
        says: /without Extended.*2023-10-10/,
      },
      {
        name: 'on Arc, where it is not told',
        machine: { ...r2, ...arc },
        evidence: { updates: updateFacts() },
        code: 'ready',
        says: /or later/,
      },
      {
        name: 'the last free one is installed, never assessed',
        machine: { ...r2, ...arc, esu: 'not-assigned' },
        evidence: { updates: { assessed: false }, guest: guestFacts({ hotfixes: ['KB5031419'] }) },
        code: 'ready',
        says: /KB5031419/,
      },
      {
        name: 'clean, from a WSUS that offers rollups',
        machine: r2,
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        others: [wsusNamed(wsusServer())],
        code: 'ready',
      },
    ],
    'not-ready': [
      {
        name: 'a rollup is pending',
        machine: r2,
        evidence: { updates: updateFacts({ pending: [pending('KB5999999', 'Security')] }) },
        code: 'rollup-pending',
        says: /KB5999999/,
      },
      {
        name: 'a prerequisite is pending, whatever is installed',
        machine: { ...r2, ...arc, esu: 'not-assigned' },
        evidence: { updates: updateFacts({ pending: [pending('KB2999226', 'Updates')] }), guest: guestFacts({ hotfixes: ['KB5031419'] }) },
        code: 'rollup-pending',
      },
    ],
    unknown: [
      { name: 'never assessed', machine: r2, evidence: { updates: { assessed: false } }, code: 'never-assessed' },
      {
        name: 'the last free one is not the last for a server with Extended Security Updates',
        machine: { ...r2, ...arc, esu: 'assigned' },
        evidence: { updates: { assessed: false }, guest: guestFacts({ hotfixes: ['KB5031419'] }) },
        code: 'never-assessed',
      },
      { name: 'the assessment failed', machine: r2, evidence: { updates: updateFacts({ error: 'x' }) }, code: 'assessment-failed' },
      {
        name: 'the assessment is old',
        machine: r2,
        evidence: { updates: updateFacts({ assessedAt: NOW - 4 * DAY }) },
        code: 'assessment-old',
      },
      {
        name: 'clean from a WSUS, on an Azure machine that Run Command does not reach',
        machine: r2,
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }) },
        code: 'clean-proves-nothing',
      },
      {
        name: 'clean from a WSUS whose list was cut short',
        machine: r2,
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        others: [wsusNamed(wsusServer({ products: ['Microsoft Defender Antivirus'], shortened: true }))],
        code: 'clean-proves-nothing',
        says: /as far as its list was told/,
      },
      {
        name: 'clean from a WSUS without its system',
        machine: r2,
        evidence: { updates: updateFacts({ service: 'WU-WSUS' }), guest: client },
        others: [wsusNamed(wsusServer({ products: ['Windows Server 2016'] }))],
        code: 'clean-proves-nothing',
      },
    ],
  },
  'reboot-not-pending': {
    ready: [
      { name: 'the probe found none', evidence: { guest: guestFacts() }, code: 'ready' },
      {
        name: 'restarted since the assessment',
        evidence: {
          guest: guestFacts({ lastBoot: NOW - HOUR }),
          updates: updateFacts({ rebootPending: true, assessedAt: NOW - 2 * HOUR }),
        },
        code: 'ready',
      },
      { name: 'nothing was ever assessed', evidence: { guest: guestFacts(), updates: { assessed: false } }, code: 'ready' },
    ],
    'not-ready': [
      {
        name: 'the probe found one',
        evidence: { guest: guestFacts({ rebootPending: true, rebootReasons: ['Windows Update'] }) },
        code: 'reboot-pending',
        says: /\(Windows Update\)/,
      },
      {
        name: 'the probe tells no reason',
        evidence: { guest: guestFacts({ rebootPending: true }) },
        code: 'reboot-pending',
        says: /pending$/,
      },
      {
        name: 'the assessment says so where no probe gets in',
        machine: r2,
        evidence: { updates: updateFacts({ rebootPending: true }) },
        code: 'reboot-pending',
        says: /assessment/,
      },
    ],
    unknown: [
      { name: 'the probe could not check it', evidence: { guest: guestFacts({ unchecked: ['reboot'] }) }, code: 'reboot-unread' },
      { name: 'no probe, and a clean assessment proves nothing', evidence: { updates: updateFacts() }, code: 'unread' },
      {
        name: 'the two disagree',
        evidence: { guest: guestFacts(), updates: updateFacts({ rebootPending: true }) },
        code: 'sources-disagree',
      },
    ],
  },
};
