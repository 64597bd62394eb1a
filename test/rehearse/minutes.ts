import type { AnyJson } from '../e2e/support/rehearsal.ts';
import type { Truth } from './truth.ts';

/** A time in which a machine had none or two active engines. */
export interface Gap {
  readonly name: string;
  readonly state: 'none' | 'both';
  readonly minutes: number;
  readonly cause: string;
  /** What of ours explains it, or what was so before we came; null when nothing does. */
  readonly because: string | null;
}

const BAD: ReadonlySet<string> = new Set(['none', 'both']);

/** Every gap of every machine between `from` and `until`, each with its cause and what explains it by the requests that were made. */
export function gapsOf(
  truths: readonly Truth[],
  log: readonly AnyJson[],
  from: number,
  until: number,
  limitMinutes: number,
): readonly Gap[] {
  const sent = log.filter(({ method, status }) => method === 'PUT' && status < 300);
  return truths.flatMap((truth) => {
    const turns = truth.turns.filter(({ at }) => at <= until);
    const states = [...turns.map(({ at, to, cause }) => ({ at, state: to, cause })), { at: until, state: 'end', cause: '' }];
    const before = { at: 0, state: turns[0]?.from ?? truth.protection, cause: 'as it was found' };
    return [before, ...states].flatMap(({ at, state, cause }, index, all) => {
      const end = all[index + 1]?.at ?? until;
      if (!BAD.has(state) || end <= from) return [];
      const minutes = Math.round((end - Math.max(at, from)) / 60_000);
      const gap = { name: truth.name, state: state as Gap['state'], minutes, cause };
      return [{ ...gap, because: at < from ? 'it was so before' : explanation(gap, truth, sent, at, limitMinutes) }];
    });
  });
}

/** By the cause that the pretend world kept: what we must have sent to that machine before, and how long it may take. */
function explanation(
  { state, minutes, cause }: Omit<Gap, 'because'>,
  { id }: Truth,
  sent: readonly AnyJson[],
  at: number,
  limitMinutes: number,
): string | null {
  const ours = (call: RegExp) =>
    sent.some(({ path, at: when }) => when <= at && path.toLowerCase().startsWith(`${id}/`) && call.test(path));
  if (state === 'none' && cause === 'product removed' && ours(/-remove(?:-\d+)?\?/)) {
    return minutes <= limitMinutes ? `its removal, within the ${limitMinutes} minutes its card stated` : null;
  }
  if (state === 'both' && /feature|restart/.test(cause) && ours(/-install\?/)) {
    return 'the Defender feature came before the onboarding, as its card says';
  }
  const outside = OUTSIDE[cause];
  return outside === undefined ? null : outside;
}

/** What others do to their machines meanwhile. */
const OUTSIDE: Readonly<Record<string, string>> = {
  'estate door': 'the domain took away the policy that kept Defender off, which its installer wants first',
  'group policy': 'its domain rewrites the passive key',
  'product stopped': 'somebody stopped the old product',
  'product installed': 'somebody installed a product',
};
