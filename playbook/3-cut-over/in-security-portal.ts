import { DAY } from '../../core/instant.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { joinWords } from '../platform/join-words.ts';

/** A sensor reports every few hours; what was not heard of for longer may be gone. */
const LONGEST_SILENCE = 2 * DAY;

/** The security portal knows the server and hears from it. */
export const inSecurityPortal = step({
  id: 'in-security-portal',
  phase: 'cut-over',
  title: 'It is in the security portal',
  why: 'Before the old product leaves, the portal has to show the server onboarded and its sensor alive.',
  link: 'https://learn.microsoft.com/defender-endpoint/onboard-server',
  subject: 'machine',
  needs: ['device'],
  owner: 'security team',
  check({ device }, _subject, beside) {
    if (!device.found) {
      return notReady(
        'not-in-portal',
        'hunting knows no device that is this server',
        'Finish the Onboard phase for it; a new device shows up within hours.',
      );
    }
    if (!device.onboarded)
      return notReady('device-not-onboarded', 'hunting does not show it onboarded', 'Finish the Onboard phase for it.');
    if (device.sensorHealth === '')
      return notKnown('sensor-unread', 'hunting does not tell how its sensor is', 'Look at the device in the security portal.');
    if (device.sensorHealth.toLowerCase() !== 'active') {
      return notReady(
        'sensor-unhealthy',
        `its sensor is “${device.sensorHealth}”`,
        'See that the server runs and gets out to the Defender for Endpoint service.',
      );
    }
    if (device.lastSeen === null)
      return notKnown('sensor-unread', 'hunting does not tell when it was last seen', 'Look at the device in the security portal.');
    if (beside.device.observedAt - device.lastSeen > LONGEST_SILENCE) {
      return notReady(
        'sensor-silent',
        'its sensor has not been heard of for more than 2 days',
        'See that the server runs and gets out to the Defender for Endpoint service.',
      );
    }
    return ready(`onboarded, and its sensor is active${joinWords(device)}`);
  },
});
