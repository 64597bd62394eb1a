import type { RefusalReason } from './refusal.ts';

export type TurnKind = 'message' | 'press' | 'refresh' | 'installed' | 'elsewhere' | 'ignored' | 'unknown-invoke';

/** Why somebody Teams vouches for was not heard: not in the migration's channel, no person, a press nobody can read, or more at once than one person's share. */
export type DenialReason = 'elsewhere' | 'nobody' | 'unreadable' | 'too-many';

/** Counts without names or ids. */
export interface Counters {
  request(status: number): void;
  turn(kind: TurnKind): void;
  refusal(reason: RefusalReason): void;
  denial(reason: DenialReason): void;
  add(what: 'broken'): void;
  /** In the text format of Prometheus. */
  text(): string;
}

const HELP: Readonly<Record<string, string>> = {
  greenlight_http_requests_total: 'Requests by status.',
  greenlight_turns_total: 'Activities by kind.',
  greenlight_refusals_total: 'Requests turned away by reason.',
  greenlight_denials_total: 'Messages and presses that were not heard, by reason.',
  greenlight_broken_total: 'Turns that broke.',
};

export function createCounters(): Counters {
  const counts = new Map<string, number>();
  const add = (metric: string, label = ''): void => {
    const name = `${metric}${label}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  return {
    request: (status) => add('greenlight_http_requests_total', `{status="${status}"}`),
    turn: (kind) => add('greenlight_turns_total', `{kind="${kind}"}`),
    refusal: (reason) => add('greenlight_refusals_total', `{reason="${reason}"}`),
    denial: (reason) => add('greenlight_denials_total', `{reason="${reason}"}`),
    add: (what) => add(`greenlight_${what}_total`),
    text: () =>
      Object.entries(HELP)
        .flatMap(([metric, help]) => [
          `# HELP ${metric} ${help}`,
          `# TYPE ${metric} counter`,
          ...[...counts].filter(([name]) => name.split('{')[0] === metric).map(([name, value]) => `${name} ${value}`),
        ])
        .join('\n')
        .concat('\n'),
  };
}
