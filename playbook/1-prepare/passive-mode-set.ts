import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { WINDOWS_SERVERS } from '../operating-systems.ts';
import { AUDITS, contradictedBy } from '../platform/audits.ts';
import { notLookedEverywhere } from '../platform/products.ts';
import { someOf } from '../some-of.ts';

/** Defender stays passive beside the product it will replace. The key is read before onboarding, so it has to be there by then. */
export const passiveModeSet = step({
  id: 'passive-mode-set',
  phase: 'prepare',
  title: 'Passive mode is set',
  why: 'Without the key, Defender becomes a second active antivirus at the moment a Windows server is onboarded.',
  link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-phase-2',
  subject: 'machine',
  needs: ['guest'],
  uses: ['machine-configuration'],
  appliesTo: { os: WINDOWS_SERVERS },
  owner: 'server owner',
  holdsThrough: 'onboard',
  action: 'set-passive-mode',
  attestable: { statement: 'A group policy or a tool of ours sets ForceDefenderPassiveMode to 1 on these servers.', holdsDays: 30 },
  check({ guest }, _subject, beside) {
    if (guest.passiveKey === 1) {
      const against = contradictedBy(beside['machine-configuration'], AUDITS.passiveKey, beside.guest.observedAt);
      if (against === null) return ready('ForceDefenderPassiveMode is 1');
      return notKnown(
        'sources-disagree',
        `the probe found the key, and machine configuration “${against}” missed it later`,
        'Probe it again, and look whether a group policy rewrites the key.',
      );
    }
    const others = guest.thirdParty.filter(({ running }) => running).map(({ vendor }) => vendor);
    if (guest.onboarded && guest.defender?.mode === 'Normal') {
      // Tamper protection keeps an onboarded server from going back to passive, whatever the key says.
      if (others.length === 0) {
        return (
          notLookedEverywhere(guest) ??
          ready('no longer needed: Defender is its active antivirus already, and no other product was seen running')
        );
      }
      return notReady(
        'both-active',
        `Defender and ${someOf(others)} are both active, and the key does not take Defender back`,
        'Let each leave the other alone, and take the old product off soon.',
      );
    }
    const is = guest.passiveKey === null ? 'not set' : '0';
    return notReady('key-missing', `ForceDefenderPassiveMode is ${is}`, 'Request: set passive mode.');
  },
});
