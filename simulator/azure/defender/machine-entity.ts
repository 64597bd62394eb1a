import type { Machine } from '../../estates/machine.ts';
import { addressesOf, cloudIdentity, dnsName } from './device-identity.ts';
import { buildOf, platformOf } from './platforms.ts';
import { FULL_REPORTS, lastReport } from './reports.ts';
import type { Seen } from './sightings.ts';
import type { Period } from './state.ts';

const DAY = 86_400_000;
const SILENT_DAYS = 7;
type Json = Record<string, unknown>;

const iso = (instant: number) => new Date(instant).toISOString();

/**
 * A machine as the Defender API lists it, seen at `until` (virtual ms, the lag taken off); null = it has not reported by then. `managed` =
 * the tenant lets Defender manage settings.
 */
export function machineEntity(machine: Machine, history: readonly Period[], until: number, managed: boolean): Json | null {
  const full = lastReport(machine.id, history, FULL_REPORTS, until);
  if (!full) return null;
  const { facts } = full.period;
  const { sensor } = machine.guest;
  const platform = platformOf(machine);
  const addresses = addressesOf(machine);
  const cloud = cloudIdentity(machine);
  const heardUntil = Math.min(full.period.until ?? until, until);
  return {
    id: facts.deviceId,
    mergedIntoMachineId: null,
    isPotentialDuplication: false,
    isExcluded: false,
    exclusionReason: null,
    computerDnsName: dnsName(machine),
    firstSeen: iso(history[0]?.from ?? full.at),
    lastSeen: iso(full.at),
    osPlatform: platform.osPlatform,
    osVersion: null,
    osProcessor: 'x64',
    version: platform.version,
    lastIpAddress: addresses.internal,
    lastExternalIpAddress: addresses.external,
    agentVersion: facts.version,
    osBuild: buildOf(machine),
    healthStatus: until - heardUntil > SILENT_DAYS * DAY ? 'Inactive' : sensor.health,
    deviceValue: 'Normal',
    rbacGroupId: 0,
    rbacGroupName: null,
    riskScore: 'None',
    exposureLevel: 'Low',
    isAadJoined: false,
    aadDeviceId: facts.aadDeviceId,
    machineTags: [],
    defenderAvStatus: antivirusStatus(machine, facts.avMode),
    onboardingStatus: 'Onboarded',
    osArchitecture: '64-bit',
    ...managementOf(machine, managed),
    ipAddresses: [{ ipAddress: addresses.internal, macAddress: addresses.mac, type: 'Ethernet', operationalStatus: 'Up' }],
    vmMetadata:
      cloud.vmId === null
        ? null
        : { vmId: cloud.vmId, cloudProvider: 'Azure', resourceId: cloud.resourceId, subscriptionId: cloud.subscriptionId },
  };
}

/** A device that has no sensor of ours, as the Defender API lists it. */
export function sightingEntity(seen: Seen): Json {
  return {
    id: seen.id,
    mergedIntoMachineId: seen.mergedTo === '' ? null : seen.mergedTo,
    isPotentialDuplication: seen.mergedInto !== null,
    isExcluded: false,
    exclusionReason: null,
    computerDnsName: seen.name,
    firstSeen: seen.firstSeen,
    lastSeen: seen.lastSeen,
    osPlatform: seen.osPlatform,
    osVersion: null,
    osProcessor: null,
    version: null,
    lastIpAddress: seen.ip || null,
    lastExternalIpAddress: null,
    agentVersion: null,
    osBuild: seen.osBuild,
    healthStatus: seen.onboardingStatus === 'Onboarded' ? 'Inactive' : 'Unknown',
    deviceValue: 'Normal',
    rbacGroupId: 0,
    rbacGroupName: null,
    riskScore: 'None',
    exposureLevel: 'None',
    isAadJoined: false,
    aadDeviceId: null,
    machineTags: [],
    defenderAvStatus: 'Unknown',
    onboardingStatus: seen.onboardingStatus,
    osArchitecture: null,
    managedBy: 'Unknown',
    managedByStatus: 'Unknown',
    ipAddresses: [],
    vmMetadata: null,
  };
}

function managementOf({ guest: { sensor } }: Machine, managed: boolean): Json {
  const own = sensor.managedBy === 'MicrosoftDefenderForEndpoint';
  if (own && !managed) return { managedBy: 'Unknown', managedByStatus: 'Unknown' };
  return { managedBy: sensor.managedBy, managedByStatus: sensor.managedByStatus };
}

function antivirusStatus({ guest, os }: Machine, avMode: string | null): string {
  if (os.type !== 'windows' || avMode === null) return 'Unknown';
  if (avMode === '2') return 'Disabled';
  return (guest.defender?.signatureAgeDays ?? 0) > SILENT_DAYS ? 'NotUpdated' : 'Updated';
}
