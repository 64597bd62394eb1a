import type { VirtualClock } from '../clock.ts';

/** Something the platform will do at `at` (virtual ms) to `subject`; kept with the state, so that a restart does not forget it. */
export interface AgendaEntry {
  at: number;
  /** Name of the provider's function that does it. */
  kind: string;
  subject: string;
}

/** What is done when an entry falls due, by the entry's kind. */
export type Performers = Readonly<Record<string, (subject: string) => void>>;

export interface Agenda {
  /** Plans it; what was planned of that kind for that subject is replaced. Throws for an entry nobody performs. */
  schedule: (entry: AgendaEntry) => void;
  /** Drops what is planned for the subject. */
  cancel: (kind: string, subject: string) => void;
  planned: (kind: string, subject: string) => boolean;
  /** Begins to work the entries off. */
  open: (performers: Performers) => void;
}

/** Runs `entries` (a list owned by the state) on the virtual clock, from the moment it is opened. */
export function createAgenda(clock: VirtualClock, entries: AgendaEntry[]): Agenda {
  const armed = new Map<string, { entry: AgendaEntry; cancel: () => void }>();
  let performers: Performers | null = null;
  const keyOf = (kind: string, subject: string) => `${kind} ${subject}`;
  function arm(entry: AgendaEntry): void {
    const cancel = clock.at(entry.at, () => {
      drop(entry.kind, entry.subject);
      performerOf(entry)(entry.subject);
    });
    armed.set(keyOf(entry.kind, entry.subject), { entry, cancel });
  }
  function performerOf({ kind }: AgendaEntry): (subject: string) => void {
    const perform = performers?.[kind];
    if (!perform) throw new Error(`Nobody performs '${kind}'.`);
    return perform;
  }
  function drop(kind: string, subject: string): void {
    const known = armed.get(keyOf(kind, subject));
    if (!known) return;
    known.cancel();
    armed.delete(keyOf(kind, subject));
    entries.splice(entries.indexOf(known.entry), 1);
  }
  return {
    schedule(entry) {
      drop(entry.kind, entry.subject);
      entries.push(entry);
      if (!performers) return;
      performerOf(entry);
      arm(entry);
    },
    cancel: drop,
    planned: (kind, subject) => armed.has(keyOf(kind, subject)),
    open(given) {
      performers = given;
      // A folder of an older version may hold what no longer exists.
      for (const entry of entries.filter(({ kind }) => !Object.hasOwn(given, kind))) entries.splice(entries.indexOf(entry), 1);
      for (const entry of entries) arm(entry);
    },
  };
}
