import { z } from 'zod';
import { EstateError, toEstateError } from '../estate.ts';

const rowSchema = z.looseObject({
  id: z.string().startsWith('/'),
  name: z.string().min(1),
  type: z.string().min(1),
  location: z.string().nullish(),
  tenantId: z.string().nullish(),
  subscriptionId: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  identity: z.looseObject({ type: z.string().nullish(), principalId: z.string().nullish() }).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});

/** A row as Resource Graph answers it. */
export type ExportedRow = z.infer<typeof rowSchema>;

/** Checks one row; throws EstateError that names its place. */
export function exportedRow(value: unknown, index: number): ExportedRow {
  const parsed = rowSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, reason } = toEstateError(parsed.error, 'row');
  throw new EstateError(`rows[${index}]${path === 'row' ? '' : `.${path}`}`, reason);
}

/** The text at a place of a row's properties, e.g. `storageProfile.osDisk.osType`; '' when there is none. */
export function textAt({ properties }: ExportedRow, place: string): string {
  return textOf(valueAt(properties, place));
}

/** The list of objects at a place of a row's properties; empty when there is none. */
export function listAt({ properties }: ExportedRow, place: string): Record<string, unknown>[] {
  const value = valueAt(properties, place);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

export function valueAt(value: unknown, place: string): unknown {
  return place.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
}

/** A value as text; '' for what is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What Azure writes as true or as "True". */
export function isTrue(value: unknown): boolean {
  return String(value).toLowerCase() === 'true';
}

/** An instant as the estate writes it; null when the text is none. */
export function instantOf(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
