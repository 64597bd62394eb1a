import { z } from 'zod';
import type { Evidence } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { ExtensionFacts } from '../../core/facts/defender.ts';
import type { Instant } from '../../core/instant.ts';
import { malformed } from './malformed.ts';

export const EXTENSIONS = 'the Defender extensions';

const extensionRow = z.object({ extension: z.string().min(1), state: z.string().min(1), version: z.string().nullish() });

/** The extension of a row as evidence, its provider not asked yet. */
export function extensionEvidence(row: unknown, machine: string, source: string, at: Instant): Evidence<ExtensionFacts> {
  const parsed = extensionRow.safeParse(row);
  if (!parsed.success) return malformed(EXTENSIONS, machine, source, at);
  const { extension, state, version } = parsed.data;
  return read({ present: true, type: extension, state, version: version ?? '', message: '', exitCode: null }, source, at);
}

/** With two extensions on one machine the healthy one must not hide the other. */
export function hides(before: Evidence<ExtensionFacts> | undefined, found: Evidence<ExtensionFacts>): boolean {
  if (before?.state === 'unread') return true;
  if (before === undefined || !before.value.present || found.state === 'unread') return false;
  return found.value.present && found.value.state === 'Succeeded';
}
