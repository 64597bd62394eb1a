import type { JsonObject } from '../../core/json.ts';
import { name, plain, sentence } from '../plain.ts';
import { exactRun, run } from '../text-run.ts';
import { count } from '../words.ts';
import type { SignOffView } from './view.ts';

const LONGEST_EXACT = 4_000;
const MOST_CALLS = 12;

/** A call's place in its own target's sequence, from 1. */
export function positionOf({ calls }: SignOffView, index: number): number {
  return index - calls.findIndex(({ on }) => on === calls[index]?.on) + 1;
}

/** What is sent, word for word, up to `exact` characters of each address and body. */
export function callsData(view: SignOffView, exact: number): JsonObject {
  return {
    hasCalls: view.calls.length > 0,
    callsFor: [
      run('In this order, one target of each kind; the others get the same but for their own address and nonce.', {
        size: 'small',
        subtle: true,
      }),
    ],
    calls: view.calls.slice(0, MOST_CALLS).map(({ on, describes, method, path, parameters }, index) => ({
      describes: [
        ...(on === view.calls[index - 1]?.on ? [] : [run(`On ${name(on)}: `, { bold: true })]),
        run(`${positionOf(view, index)}. ${sentence(describes)}`),
      ],
      request: [exactRun(`${plain(method, 10)} `, { size: 'small', bold: true }), ...exactly(path, exact)],
      hasParameters: parameters !== '',
      parameters: exactly(parameters, exact),
    })),
    hasMoreCalls: view.calls.length > MOST_CALLS,
    moreCalls: [run(`and ${count(view.calls.length - MOST_CALLS, 'more call')}; type "text" for all of them.`, { bold: true })],
    scripts: view.scripts.slice(0, MOST_CALLS).map(({ id, sha256 }) => ({
      runs: [
        run(`Script ${name(id)}, sha256 `, { size: 'small' }),
        exactRun(view.personal === null ? shortHash(sha256) : plain(sha256), { size: 'small' }),
      ],
    })),
  };
}

/** What is cut says so, because people sign it. */
function exactly(text: string, longest: number): JsonObject[] {
  const whole = plain(text, LONGEST_EXACT);
  if (whole.length <= longest) return [exactRun(whole, { size: 'small' })];
  return [exactRun(plain(whole, longest), { size: 'small' }), run(' cut here; type "text" for all of it.', { size: 'small', bold: true })];
}

export function hashRuns(view: SignOffView): JsonObject[] {
  const hash = view.personal === null ? shortHash(view.hash) : view.hash;
  return [run('Plan hash, which is what is signed: sha256 ', { size: 'small' }), exactRun(hash, { size: 'small' })];
}

function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…${hash.slice(-8)}`;
}
