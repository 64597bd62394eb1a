import type { ExtensionFacts } from '../../core/facts/defender.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown, notReady, ready, step } from '../../core/step.ts';
import { exitCode } from '../platform/exit-codes.ts';
import { UNDER_WAY } from '../platform/extension-states.ts';

/** The extension did its work on the server. */
export const defenderExtensionHealthy = step({
  id: 'defender-extension-healthy',
  phase: 'onboard',
  title: 'The Defender extension is healthy',
  why: 'The extension carries the onboarding; until it succeeds the server does not report to Defender.',
  link: 'https://learn.microsoft.com/azure/defender-for-cloud/enable-defender-for-endpoint',
  subject: 'machine',
  needs: ['machine', 'defender-extension'],
  owner: 'server owner',
  action: 'deploy-defender-extension',
  check(facts) {
    const extension = facts['defender-extension'];
    if (!extension.present) {
      return notReady(
        'extension-missing',
        'the Defender extension is not installed',
        'Request: deploy the Defender extension, or turn endpoint protection on for its subscription.',
      );
    }
    const state = extension.state.toLowerCase();
    if (state === 'succeeded') return ready(`${extension.type} ${extension.version}`.trim());
    if (state === '') {
      return notKnown(
        'extension-state-unread',
        'Azure tells no state of the Defender extension',
        'Look at the extension in the Azure portal.',
      );
    }
    if (UNDER_WAY.has(state)) {
      return notReady(
        'extension-under-way',
        `the Defender extension is ${state}`,
        'Wait: it takes some minutes, and starts anew when the server is back if it is offline.',
      );
    }
    return failed(extension);
  },
});

type Failed = Extract<ExtensionFacts, { present: true }>;

function failed({ type, state, message, exitCode: code }: Failed): Judgement {
  const known = code === null ? null : exitCode(type, code);
  if (code !== null && known) {
    const detail = known.detail ? brief(message.replace(/^[\s\S]*exit code:?\s*\d+[:.,]?\s*/i, '')) : '';
    return notReady(`exit-${code}`, `its installer ended with ${code}: ${known.means}${detail === '' ? '' : ` (${detail})`}`, known.fix);
  }
  const said = brief(message);
  const how =
    code === null ? `the Defender extension is ${state.toLowerCase()}` : `its installer ended with ${code}, which is not documented`;
  return notReady(
    'extension-failed',
    said === '' ? how : `${how}: ${said}`,
    'Read the status message of the extension in the Azure portal.',
  );
}

const LONGEST = 140;

/** What a provider said, as a piece of one sentence. */
function brief(message: string): string {
  const line = message
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.:;\s]+$/, '');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
