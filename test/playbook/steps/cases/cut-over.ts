import type { DeviceFacts, ManagementFacts } from '../../../../core/facts/devices.ts';
import type { GuestFacts, GuestHistory } from '../../../../core/facts/guest.ts';
import { DAY, HOUR } from '../../../../core/instant.ts';
import { antivirus, deviceFacts, guestFacts, managementFacts, NOW } from '../../../support/facts.ts';
import type { Case, StepCases } from './case.ts';
import { audit } from './prepare.ts';

const linux = { os: 'linux', osLabel: 'Ubuntu' } as const;
const device = (over: Partial<Extract<DeviceFacts, { found: true }>> = {}) => ({ device: deviceFacts(over) });
const managed = (over: Partial<Extract<ManagementFacts, { found: true }>> = {}) => ({ management: managementFacts(over) });

const BOOTED = NOW - 7 * DAY;
/** A server that was last started {@link BOOTED}. */
const since = (history: Partial<GuestHistory>, over: Partial<GuestFacts> = {}) => ({
  guest: guestFacts({ lastBoot: BOOTED, history: { productSeen: null, cleanSince: null, onboardedSince: null, ...history }, ...over }),
});
const removed = since({ productSeen: BOOTED - 3 * DAY, cleanSince: BOOTED - DAY });
const scanned = (product: string | null, assessed = true) => ({
  'edr-assessment': assessed ? ({ assessed, code: 'Healthy', cause: '', product } as const) : ({ assessed: false } as const),
});

const active = (over: Partial<GuestFacts> = {}) => ({ guest: guestFacts({ onboarded: true, defender: antivirus(), ...over }) });
const reporting = (over: Parameters<typeof antivirus>[0]) => active({ defender: antivirus(over) });
const mdatp = (over: Partial<GuestFacts> = {}) => ({
  guest: guestFacts({ platform: 'linux', feature: null, defender: antivirus(), passiveKey: 0, ...over }),
});

export const cutOverCases: Readonly<Record<string, StepCases>> = {
  'in-security-portal': {
    ready: [
      { name: 'onboarded and heard of', evidence: device(), code: 'ready', says: /active$/ },
      {
        name: 'found by its name alone, and that is said',
        evidence: device({ joinedBy: 'name' }),
        code: 'ready',
        says: /by its name alone/,
      },
    ],
    'not-ready': [
      { name: 'no such device', evidence: { device: { found: false } }, code: 'not-in-portal' },
      { name: 'not onboarded', evidence: device({ onboarded: false }), code: 'device-not-onboarded' },
      ...['Inactive', 'Misconfigured', 'Impaired communications', 'No sensor data'].map(
        (sensorHealth): Case => ({
          name: sensorHealth,
          evidence: device({ sensorHealth }),
          code: 'sensor-unhealthy',
          says: new RegExp(sensorHealth),
        }),
      ),
      { name: 'silent for days, whatever its health is called', evidence: device({ lastSeen: NOW - 2 * DAY - 1 }), code: 'sensor-silent' },
    ],
    unknown: [
      { name: 'no health', evidence: device({ sensorHealth: '' }), code: 'sensor-unread' },
      { name: 'no time', evidence: device({ lastSeen: null }), code: 'sensor-unread' },
    ],
  },
  'managed-by-defender': {
    ready: [
      { name: 'managed by it', evidence: managed(), code: 'ready' },
      {
        name: 'found by its name alone, and that is said',
        evidence: managed({ joinedBy: 'name' }),
        code: 'ready',
        says: /by its name alone/,
      },
    ],
    'not-ready': [
      { name: 'no such device', evidence: { management: { found: false } }, code: 'not-in-machines-list' },
      {
        name: 'managed by nobody, such as a domain controller',
        evidence: managed({ managedBy: 'Unknown', status: 'Unknown' }),
        code: 'not-managed',
        fix: /waive/,
      },
      { name: 'managed by Intune', evidence: managed({ managedBy: 'Intune' }), code: 'managed-by-others', says: /^Intune/ },
      {
        name: 'managed by Configuration Manager',
        evidence: managed({ managedBy: 'SystemCenterConfigurationManager' }),
        code: 'managed-by-others',
        says: /^Configuration Manager/,
      },
      { name: 'its enrolment failed', evidence: managed({ status: 'Error' }), code: 'management-failed' },
    ],
    unknown: [{ name: 'whether it works is not told', evidence: managed({ status: 'Unknown' }), code: 'management-unclear' }],
  },
  'third-party-removed': {
    ready: [
      { name: 'none before the restart, and none after it', evidence: removed, code: 'ready', says: /no other product was detected/ },
      { name: 'none was ever seen, before a restart and after it', evidence: since({ cleanSince: BOOTED - 1 }), code: 'ready' },
      {
        name: 'an agentless scan that found nothing, or Defender',
        evidence: { ...removed, ...scanned('Microsoft Defender for Endpoint') },
        code: 'ready',
      },
      { name: 'an agentless scan that has not looked', evidence: { ...removed, ...scanned(null, false) }, code: 'ready' },
      {
        name: 'an audit from before the probe',
        evidence: { ...removed, 'machine-configuration': audit('NotInstalledApplicationForWindows', 'NonCompliant', NOW - 2 * HOUR) },
        at: { guest: NOW - HOUR },
        code: 'ready',
      },
    ],
    'not-ready': [
      {
        name: 'it runs',
        evidence: since({}, { thirdParty: [{ vendor: 'Sophos', running: true, traces: ['service'] }] }),
        code: 'product-running',
        says: /Sophos runs/,
      },
      {
        name: 'it left a driver behind',
        evidence: since({}, { thirdParty: [{ vendor: 'Trellix', running: false, traces: ['driver', 'program'] }] }),
        code: 'product-left-behind',
        says: /Trellix \(driver, program\)/,
      },
      {
        name: 'two clean looks, and no restart since it was seen',
        evidence: since({ productSeen: BOOTED + DAY, cleanSince: BOOTED + 2 * DAY }),
        code: 'restart-missing',
      },
    ],
    unknown: [
      { name: 'the first look', evidence: { guest: guestFacts() }, code: 'removal-unproven', says: /one look alone proves no removal/ },
      {
        name: 'two clean looks after the last restart',
        evidence: since({ cleanSince: BOOTED + DAY }),
        code: 'removal-unproven',
        fix: /attest/,
      },
      {
        name: 'a restart between the last look that saw it and the first that did not',
        evidence: since({ productSeen: BOOTED - DAY, cleanSince: BOOTED + DAY }),
        code: 'removal-unproven',
      },
      {
        name: 'the probe could not look everywhere',
        evidence: since({ cleanSince: BOOTED - DAY }, { unchecked: ['drivers', 'programs'] }),
        code: 'products-unchecked',
        says: /the drivers, the installed programs/,
      },
      { name: 'no start is told', evidence: since({ cleanSince: BOOTED - DAY }, { lastBoot: null }), code: 'boot-unread' },
      {
        name: 'the agentless scan found one the probe does not know',
        evidence: { ...removed, ...scanned('Acme EPP') },
        code: 'sources-disagree',
        says: /Acme EPP/,
      },
      {
        name: 'an audit found one later',
        evidence: { ...removed, 'machine-configuration': audit('NotInstalledApplicationForWindows', 'NonCompliant') },
        at: { guest: NOW - HOUR },
        code: 'sources-disagree',
      },
    ],
  },
  'passive-mode-cleared': {
    ready: [
      { name: 'no key', evidence: { guest: guestFacts() }, code: 'ready' },
      { name: 'the key is 0', evidence: { guest: guestFacts({ passiveKey: 0 }) }, code: 'ready' },
      { name: 'Linux, not passive', machine: linux, evidence: mdatp(), code: 'ready' },
    ],
    'not-ready': [
      { name: 'the key is 1', evidence: { guest: guestFacts({ passiveKey: 1 }) }, code: 'key-set' },
      {
        name: 'Linux, passive',
        machine: linux,
        evidence: mdatp({ passiveKey: 1 }),
        code: 'linux-passive',
        fix: /request: clear passive mode/,
      },
      {
        name: 'Linux, passive by a managed configuration',
        machine: linux,
        evidence: mdatp({ passiveKey: 1, passiveManaged: true }),
        code: 'linux-passive',
        fix: /managed configuration/,
      },
      { name: 'Linux without the agent', machine: linux, evidence: mdatp({ defender: null, passiveKey: null }), code: 'no-agent' },
    ],
    unknown: [{ name: 'Linux, and it does not tell', machine: linux, evidence: mdatp({ passiveKey: null }), code: 'passive-unread' }],
  },
  'antivirus-active': {
    ready: [
      { name: 'normal, enabled, with real-time protection', evidence: active(), code: 'ready' },
      { name: 'and hunting agrees', evidence: { ...active(), ...device({ antivirusMode: 'active' }) }, code: 'ready' },
      { name: 'and hunting does not know the device', evidence: { ...active(), device: { found: false } }, code: 'ready' },
      { name: 'and hunting tells no mode', evidence: { ...active(), ...device({ antivirusMode: null }) }, code: 'ready' },
      {
        name: 'and what hunting says is older than its lag',
        evidence: { ...active(), ...device({ modeSeen: NOW - DAY - 1 }) },
        code: 'ready',
      },
      {
        name: 'and an audit could not tell',
        evidence: { ...active(), 'machine-configuration': audit('WindowsDefenderRealTimeProtection', 'Pending') },
        at: { guest: NOW - HOUR },
        code: 'ready',
      },
      { name: 'Linux', machine: linux, evidence: mdatp({ onboarded: true }), code: 'ready' },
    ],
    'not-ready': [
      { name: 'no answer', evidence: { guest: guestFacts({ onboarded: true }) }, code: 'no-defender' },
      { name: 'not onboarded', evidence: { guest: guestFacts({ defender: antivirus() }) }, code: 'not-onboarded' },
      ...['Passive', 'Passive Mode', 'SxS Passive Mode'].map(
        (mode): Case => ({ name: mode, evidence: reporting({ mode }), code: 'still-passive', says: new RegExp(mode), fix: /^Restart/ }),
      ),
      {
        name: 'passive by the key',
        evidence: active({ passiveKey: 1, defender: antivirus({ mode: 'Passive Mode' }) }),
        code: 'still-passive',
        fix: /request: clear passive mode/,
      },
      ...['EDR Block Mode', 'Not running', 'Other'].map(
        (mode): Case => ({ name: mode, evidence: reporting({ mode }), code: 'not-active' }),
      ),
      { name: 'the antivirus off', evidence: reporting({ antivirusEnabled: false }), code: 'antivirus-off' },
      {
        name: 'mdatp without a licence',
        machine: linux,
        evidence: mdatp({ onboarded: true, defender: antivirus({ antivirusEnabled: false }) }),
        code: 'unlicensed',
      },
      { name: 'real-time protection off', evidence: reporting({ realTimeProtection: false }), code: 'real-time-off' },
      {
        name: 'mdatp unhealthy',
        machine: linux,
        evidence: mdatp({ onboarded: true, defender: antivirus({ healthy: false }) }),
        code: 'unhealthy',
      },
      {
        name: 'passive, and hunting saw it active long before',
        evidence: { ...reporting({ mode: 'Passive Mode' }), ...device({ antivirusMode: 'active', modeSeen: NOW - 2 * DAY }) },
        code: 'still-passive',
      },
      { name: 'passive, and hunting agrees', evidence: { ...reporting({ mode: 'Passive Mode' }), ...device() }, code: 'still-passive' },
    ],
    unknown: [
      { name: 'no mode', evidence: reporting({ mode: '' }), code: 'mode-unread' },
      {
        name: 'active, and hunting says passive',
        evidence: { ...active(), ...device() },
        code: 'sources-disagree',
        says: /the probe found it active, and hunting says passive/,
      },
      {
        name: 'active, and hunting says so at no told time',
        evidence: { ...active(), ...device({ modeSeen: null }) },
        code: 'sources-disagree',
      },
      {
        name: 'passive by an older probe, and hunting says active since',
        evidence: { ...reporting({ mode: 'Passive Mode' }), ...device({ antivirusMode: 'active' }) },
        at: { guest: NOW - 5 * HOUR },
        code: 'sources-disagree',
        says: /in mode “Passive Mode”, and hunting says active/,
      },
      {
        name: 'active, and an audit found it off later',
        evidence: { ...active(), 'machine-configuration': audit('WindowsDefenderRealtimeProtection', 'NonCompliant') },
        at: { guest: NOW - HOUR },
        code: 'sources-disagree',
      },
    ],
  },
};
