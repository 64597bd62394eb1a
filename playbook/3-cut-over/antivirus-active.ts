import type { Evidence, Read } from '../../core/evidence.ts';
import type { DeviceFacts } from '../../core/facts/devices.ts';
import type { AntivirusFacts, GuestFacts } from '../../core/facts/guest.ts';
import { DAY, HOUR } from '../../core/instant.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { AUDITS, contradictedBy } from '../platform/audits.ts';

/** Vulnerability management tells the mode about once a day: what it saw this long before the probe may have changed since. */
const HUNTING_LAG = DAY;

/** The end of the migration. Only Defender's own word from inside counts, and hunting must not say otherwise. */
export const antivirusActive = step({
  id: 'antivirus-active',
  phase: 'cut-over',
  title: 'Defender Antivirus is active',
  why: 'The migration ends when Defender itself says that it protects the server.',
  link: 'https://learn.microsoft.com/defender-endpoint/microsoft-defender-antivirus-compatibility',
  subject: 'machine',
  needs: ['guest'],
  uses: ['device', 'machine-configuration'],
  within: { guest: 12 * HOUR },
  owner: 'security team',
  check({ guest }, _subject, beside) {
    const { defender } = guest;
    if (defender === null) {
      return notReady('no-defender', 'Defender Antivirus does not answer', 'See that it is installed and runs, then probe again.');
    }
    if (!guest.onboarded)
      return notReady('not-onboarded', 'it is not onboarded to Defender for Endpoint', 'Finish the Onboard phase for it.');
    const inactive = whyNotActive(guest, defender);
    const against = contradicted(beside.guest, beside.device, inactive === null);
    if (against) return against;
    if (inactive) return inactive;
    const audit = contradictedBy(beside['machine-configuration'], AUDITS.realTimeProtection, beside.guest.observedAt);
    if (audit === null) return ready('active with real-time protection');
    return notKnown(
      'sources-disagree',
      `the probe found it active, and machine configuration “${audit}” did not later`,
      'Request the probe again.',
    );
  },
});

/** Null when it is active: in normal mode, enabled, with real-time protection. */
function whyNotActive({ platform, passiveKey }: GuestFacts, defender: AntivirusFacts): Judgement | null {
  const { mode, antivirusEnabled, realTimeProtection, healthy } = defender;
  if (mode === '' || mode === 'Unknown') return notKnown('mode-unread', 'Defender does not tell its mode', 'Request the probe again.');
  if (/passive/i.test(mode)) {
    const stuck = platform === 'windows' && passiveKey !== 1;
    return notReady(
      'still-passive',
      `Defender reports mode “${mode}”`,
      stuck ? 'Restart the server, then probe it again.' : 'When the old product is gone, request: clear passive mode.',
    );
  }
  if (mode !== 'Normal') {
    return notReady(
      'not-active',
      `Defender reports mode “${mode}”`,
      'See that the old product is gone, restart the server, then probe it again.',
    );
  }
  if (!antivirusEnabled && platform === 'linux') {
    return notReady(
      'unlicensed',
      'mdatp has no licence, and does not protect without one',
      'See that its subscription has the Defender for Servers plan, and onboard it anew.',
    );
  }
  if (!antivirusEnabled) {
    return notReady('antivirus-off', 'Defender says that its antivirus is off', 'See which policy keeps it off, then probe again.');
  }
  if (!realTimeProtection) {
    return notReady(
      'real-time-off',
      'Defender says that real-time protection is off',
      'See which policy or product keeps it off, then probe again.',
    );
  }
  if (!healthy) return notReady('unhealthy', 'mdatp does not call itself healthy', 'On the server: mdatp health tells what it lacks.');
  return null;
}

/** Does hunting say the opposite, and not so long before the probe that both can be right? */
function contradicted(guest: Read<GuestFacts>, device: Evidence<DeviceFacts>, active: boolean): Judgement | null {
  if (device.state === 'unread' || !device.value.found || device.value.antivirusMode === null) return null;
  const { antivirusMode, modeSeen } = device.value;
  if ((antivirusMode === 'active') === active) return null;
  if (modeSeen !== null && guest.observedAt - modeSeen > HUNTING_LAG) return null;
  const said = active ? 'active' : `mode “${guest.value.defender?.mode ?? ''}”`;
  return notKnown(
    'sources-disagree',
    `the probe found it ${active ? said : `in ${said}`}, and hunting says ${antivirusMode}`,
    'Hunting follows within a day; if it does not, request the probe again and look at the device in the security portal.',
  );
}
