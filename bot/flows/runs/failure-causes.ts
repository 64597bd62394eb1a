import type { TargetProgress } from '../../../core/run.ts';
import { safetyWords, statusWords } from '../views/run.ts';

/** Machines that ended badly for one reason. */
export interface CauseGroup {
  /** Status and reason in words, as the first of them says it, without its name. */
  readonly cause: string;
  readonly names: readonly string[];
}

interface Ended {
  readonly name: string;
  readonly progress: TargetProgress;
}

/** Groups machines whose reasons differ only in their own names and in numbers; the largest group first. */
export function groupByCause(ended: readonly Ended[]): readonly CauseGroup[] {
  const groups = new Map<string, { cause: string; names: string[] }>();
  for (const { name, progress } of ended) {
    const cause = causeOf(name, progress);
    const key = cause.replaceAll(/\d+/g, '#').toLowerCase();
    const group = groups.get(key) ?? { cause, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => b.names.length - a.names.length);
}

function causeOf(name: string, { status, safety, note }: TargetProgress): string {
  const words = `${statusWords[status]}${safetyWords[safety]}`;
  const said = withoutName(note, name).trim();
  return said === '' ? words : `${words}: ${said}`;
}

/** Names are data: compared letter by letter, never as a pattern. */
function withoutName(note: string, name: string): string {
  if (name === '') return note;
  const lower = note.toLowerCase();
  const wanted = name.toLowerCase();
  let rest = '';
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && lower.length === note.length; at = lower.indexOf(wanted, from)) {
    rest += `${note.slice(from, at)}the machine`;
    from = at + wanted.length;
  }
  return rest + note.slice(from);
}
