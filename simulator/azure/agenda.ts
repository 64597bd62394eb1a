import type { VirtualClock } from '../clock.ts';

/** Something the platform will do at `at` (virtual ms) to `subject`; kept with the state, so that a restart does not forget it. */
export interface AgendaEntry {
  at: number;
  kind: 'run-command' | 'extension-arrives' | 'extension-ends' | 'setting-flips';
  subject: string;
}

export interface Agenda {
  /** Plans it; what was planned of that kind for that subject is replaced. */
  schedule: (entry: AgendaEntry) => void;
  /** Drops what is planned for the subject. */
  cancel: (kind: AgendaEntry['kind'], subject: string) => void;
  planned: (kind: AgendaEntry['kind'], subject: string) => boolean;
}

/** Runs `entries` (a list owned by the state) on the virtual clock through one function for each kind. */
export function createAgenda(clock: VirtualClock, entries: AgendaEntry[], run: (entry: AgendaEntry) => void): Agenda {
  const armed = new Map<string, { entry: AgendaEntry; cancel: () => void }>();
  const keyOf = (kind: AgendaEntry['kind'], subject: string) => `${kind} ${subject}`;
  function arm(entry: AgendaEntry): void {
    const cancel = clock.at(entry.at, () => {
      drop(entry.kind, entry.subject);
      run(entry);
    });
    armed.set(keyOf(entry.kind, entry.subject), { entry, cancel });
  }
  function drop(kind: AgendaEntry['kind'], subject: string): void {
    const known = armed.get(keyOf(kind, subject));
    if (!known) return;
    known.cancel();
    armed.delete(keyOf(kind, subject));
    entries.splice(entries.indexOf(known.entry), 1);
  }
  for (const entry of entries) arm(entry);
  return {
    schedule(entry) {
      drop(entry.kind, entry.subject);
      entries.push(entry);
      arm(entry);
    },
    cancel: drop,
    planned: (kind, subject) => armed.has(keyOf(kind, subject)),
  };
}
