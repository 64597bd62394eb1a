import type { z } from 'zod';
import type { GuestFacts } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import type { ProbeReader } from '../../core/ports.ts';
import type { linuxProbe, windowsProbe } from './probe-schemas.ts';
import { probeOutput } from './probe-schemas.ts';

type Printed = z.output<typeof probeOutput>;

const SOURCE = 'probe of the machine';
const FIX = 'Request the probe again.';

/** A service that does its work, as Windows and systemd call it. */
const RUNNING: ReadonlySet<string> = new Set(['running', 'active']);

/** Reads the one JSON line a probe prints. Anything that is not exactly that is unread: a machine's output is not to be guessed at. */
export function createProbeReader(): ProbeReader {
  return {
    guestFacts(output, nonce, target, observedAt) {
      const no = (because: string) => unread(`the probe of ${target.name} ${because}`, FIX, SOURCE, observedAt);
      const lines = output.split('\n').map((line) => line.trim());
      const candidates = lines.filter((line) => line.startsWith('{'));
      const [line] = candidates;
      if (line === undefined) return no('printed no result');
      if (candidates.length > 1) return no('printed more than one result');
      const value = parse(line);
      if (value === undefined) return no('printed a result that is cut off');
      const parsed = probeOutput.safeParse(value);
      if (!parsed.success) return no('printed a result of another shape');
      if (nonce === '' || parsed.data.nonce !== nonce) return no('printed a result that is not the answer to this call');
      const facts = { ...factsOf(parsed.data), vmId: target.fingerprint['vmId'] ?? '' };
      const expected = target.fingerprint['osType'];
      if (expected && expected !== facts.platform) return no(`answered as ${facts.platform}, not as ${expected}`);
      return read(facts, SOURCE, observedAt);
    },
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What the script saw; which machine it was is known by the target it was sent to. */
type Seen = Omit<GuestFacts, 'vmId'>;

function factsOf(printed: Printed): Seen {
  return printed.script === 'probe-windows' ? windowsFacts(printed) : linuxFacts(printed);
}

function windowsFacts({ host, passiveKey, onboarded, defender, rebootPending, thirdParty }: z.output<typeof windowsProbe>): Seen {
  return {
    platform: 'windows',
    host,
    passiveKey,
    onboarded,
    defender: defender && {
      mode: defender.mode || 'Unknown',
      antivirusEnabled: defender.antivirusEnabled,
      realTimeProtection: defender.realTimeProtection,
      tamperProtected: defender.tamperProtected,
    },
    rebootPending,
    thirdParty: byVendor(thirdParty),
  };
}

/** Linux has no key and no feature: passive mode is a setting of mdatp itself, and a licence comes with onboarding. */
function linuxFacts({ host, mdatp, thirdParty }: z.output<typeof linuxProbe>): Seen {
  return {
    platform: 'linux',
    host,
    passiveKey: mdatp === null ? null : mdatp.passiveMode ? 1 : 0,
    onboarded: mdatp?.licensed ?? false,
    defender: mdatp && {
      mode: mdatp.passiveMode ? 'Passive Mode' : 'Normal',
      antivirusEnabled: mdatp.healthy,
      realTimeProtection: mdatp.realTimeProtection,
      tamperProtected: false,
    },
    rebootPending: false,
    thirdParty: byVendor(thirdParty),
  };
}

/** One entry a vendor; it runs when any of its services does. */
function byVendor(services: Printed['thirdParty']): GuestFacts['thirdParty'] {
  const vendors = [...new Set(services.map(({ vendor }) => vendor))];
  return vendors.map((vendor) => ({
    vendor,
    running: services.some((service) => service.vendor === vendor && RUNNING.has(service.state.toLowerCase())),
  }));
}
