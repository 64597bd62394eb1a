import { plain } from '../../cards/plain.ts';
import type { Migration } from '../../core/migration.ts';
import { UNASSIGNED } from '../../core/migration.ts';
import type { RenderedCard } from '../../core/ports.ts';
import type { Scope } from '../../core/scope.ts';
import type { Context } from './context.ts';
import { notice } from './notice.ts';

/** The ring that a button names: cards carry names as the harmless text they show. Null for one there is none of. */
export function ringCalled(migration: Pick<Migration, 'rings'>, text: string): string | null {
  const called = text.toLowerCase();
  const rings = [...migration.rings.map(({ name }) => name), UNASSIGNED];
  return (
    rings.find((ring) => ring.toLowerCase() === called) ??
    rings.find((ring) => plain(ring).toLowerCase() === plain(text).toLowerCase()) ??
    null
  );
}

/** The scope that a button narrows to; a ring there is none of stays as it came, to be refused by name. Empty stands for all rings. */
export function ringScope(migration: Pick<Migration, 'rings'>, text: string | undefined): Pick<Scope, 'ring'> {
  return text ? { ring: ringCalled(migration, text) ?? text } : {};
}

export function noSuchRing(context: Context, text: string): RenderedCard {
  return notice(context, 'refused', `There is no ring called “${text}”.`, 'Ask for the phase again.');
}
