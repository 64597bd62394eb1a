import type { z } from 'zod';
import type { Evidence } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import type { GuestFacts, GuestPart } from '../../core/facts/guest.ts';
import type { Instant } from '../../core/instant.ts';
import { MINUTE } from '../../core/instant.ts';
import type { ProbeReader } from '../../core/ports.ts';
import type { linuxProbe, windowsProbe } from './probe-schemas.ts';
import { LONGEST_LINE, PROBE_VERSION, probeOutput } from './probe-schemas.ts';

type Printed = z.output<typeof probeOutput>;
type Unchecked = Printed['unchecked'][number];

const SOURCE = 'probe of the machine';
const FIX = 'Request the probe again.';
/** Run Command keeps the last 4,096 bytes of what a script prints. */
const KEPT = 4_096;
/** A machine whose clock is further ahead than this does not know when it booted. */
const AHEAD = 15 * MINUTE;

/** Without these nothing can be said of the machine's protection: the whole evidence is unread. */
const NEEDED: Readonly<Record<Exclude<Unchecked, GuestPart>, string>> = {
  'passive-key': 'the passive key',
  onboarding: 'whether it is onboarded',
  policy: 'the policy that keeps Defender off',
  sensor: 'its services',
  antivirus: 'Defender Antivirus',
};

/** Where a machine notes that it wants a restart. */
const REBOOT_WORDS: Readonly<Record<Printed['reboot'][number], string>> = {
  cbs: 'Component Based Servicing',
  wu: 'Windows Update',
  pfro: 'PendingFileRenameOperations',
  'reboot-required': '/var/run/reboot-required',
  'needs-restarting': 'needs-restarting',
  'needs-rebooting': 'zypper needs-rebooting',
};

/**
 * Reads the one JSON line a probe prints. Anything that is not exactly that is unread: a machine's output is not to be guessed at. The same
 * holds when a part could not be checked without which its protection is not known.
 */
export function createProbeReader(): ProbeReader {
  return {
    guestFacts(output, nonce, target, observedAt) {
      const no = (because: string) => unread(`the probe of ${target.name} ${because}`, FIX, SOURCE, observedAt);
      const printed = printedIn(output);
      if (typeof printed === 'string') return no(printed);
      if (nonce === '' || printed.nonce !== nonce) return no('printed a result that is not the answer to this call');
      const platform = printed.script === 'probe-windows' ? 'windows' : 'linux';
      const expected = target.fingerprint['osType'];
      if (expected && expected !== platform) return no(`answered as ${platform}, not as ${expected}`);
      const missing = printed.unchecked.filter((part) => part in NEEDED).map((part) => NEEDED[part as keyof typeof NEEDED]);
      if (missing.length > 0) return no(`could not read ${missing.join(', ')}`);
      return factsOf(printed, target.fingerprint['vmId'] ?? '', observedAt) ?? no('left out what it had checked');
    },
  };
}

/** The result among what was printed, or why there is none. */
function printedIn(output: string): Printed | string {
  const lines = output.split('\n').map((line) => line.trim());
  const candidates = lines.filter((line) => line.startsWith('{'));
  const [line] = candidates;
  if (line === undefined) return Buffer.byteLength(output) < KEPT ? 'printed no result' : 'printed more than Azure keeps';
  if (candidates.length > 1) return 'printed more than one result';
  if (Buffer.byteLength(line) > LONGEST_LINE) return 'printed more than a probe prints';
  const value = parse(line);
  if (value === undefined) return 'printed a result that is cut off';
  const version = (value as { readonly v?: unknown } | null)?.v;
  if (typeof version === 'number' && version !== PROBE_VERSION) return `is of another version (${version}, not ${PROBE_VERSION})`;
  const parsed = probeOutput.safeParse(value);
  return parsed.success ? parsed.data : 'printed a result of another shape';
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The facts; null when the script left something out that it does not name as unchecked. */
function factsOf(printed: Printed, vmId: string, observedAt: Instant): Evidence<GuestFacts> | null {
  const seen = printed.script === 'probe-windows' ? windowsFacts(printed) : linuxFacts(printed);
  if (seen === null) return null;
  const boot = lastBoot(printed, observedAt);
  const unchecked = printed.unchecked.filter((part): part is Exclude<Unchecked, keyof typeof NEEDED> => !(part in NEEDED));
  const facts: GuestFacts = {
    ...seen,
    vmId,
    host: printed.host,
    osBuild: printed.osBuild,
    lastBoot: boot,
    rebootPending: printed.reboot.length > 0,
    rebootReasons: printed.reboot.map((reason) => REBOOT_WORDS[reason]),
    thirdParty: printed.thirdParty,
    unchecked: boot === null && !unchecked.includes('last-boot') ? [...unchecked, 'last-boot'] : unchecked,
  };
  return read(facts, SOURCE, observedAt);
}

/** Milliseconds; null when the machine does not say, or says what lies ahead. */
function lastBoot({ lastBoot: at }: Printed, observedAt: Instant): Instant | null {
  const instant = at === null ? null : Date.parse(at);
  return instant !== null && instant <= observedAt + AHEAD ? instant : null;
}

/** What differs between the systems; which machine it was is known by the target the script was sent to. */
type Seen = Pick<
  GuestFacts,
  | 'platform'
  | 'passiveKey'
  | 'passiveManaged'
  | 'onboarded'
  | 'sensor'
  | 'feature'
  | 'defender'
  | 'disabledByPolicy'
  | 'wsus'
  | 'wsusServer'
  | 'hotfixes'
>;

function windowsFacts(printed: z.output<typeof windowsProbe>): Seen | null {
  const { passiveKey, onboarded, sensor, feature, defender, disabledByPolicy, wsus, wsusServer, hotfixes } = printed;
  if (onboarded === null || disabledByPolicy === null || sensor === null) return null;
  return {
    platform: 'windows',
    passiveKey,
    passiveManaged: false,
    onboarded,
    sensor,
    feature,
    // Older platforms know no running mode.
    defender: defender && { ...defender, mode: defender.mode || 'Unknown', definitions: null, healthy: true },
    disabledByPolicy,
    wsus,
    wsusServer: wsusServer && { ...wsusServer, lastSync: wsusServer.lastSync === null ? null : Date.parse(wsusServer.lastSync) },
    hotfixes,
  };
}

/** Linux has no key, no feature and no WSUS: passive mode is a setting of mdatp itself. */
function linuxFacts({ sensor, mdatp }: z.output<typeof linuxProbe>): Seen | null {
  if (sensor === null) return null;
  return {
    platform: 'linux',
    passiveKey: mdatp === null ? null : mdatp.passiveMode ? 1 : 0,
    passiveManaged: mdatp?.passiveManaged ?? false,
    onboarded: mdatp?.onboarded ?? false,
    sensor,
    feature: null,
    defender: mdatp && {
      mode: mdatp.passiveMode ? 'Passive Mode' : 'Normal',
      antivirusEnabled: mdatp.licensed,
      realTimeProtection: mdatp.realTimeProtection,
      tamperProtected: false,
      signatureAgeDays: null,
      definitions: mdatp.definitions,
      version: mdatp.version,
      healthy: mdatp.healthy,
    },
    disabledByPolicy: false,
    wsus: null,
    wsusServer: null,
    hotfixes: [],
  };
}
