import type { JsonObject } from '../core/json.ts';

/** Sites a card may lead to: Microsoft's documentation, nothing a machine or a person named. */
const SITES: ReadonlySet<string> = new Set(['learn.microsoft.com', 'go.microsoft.com', 'support.microsoft.com', 'aka.ms']);

/** A button to Microsoft's page, or none when the address is not one of theirs. */
export function learnMore(address: string): JsonObject[] {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || !SITES.has(url.hostname) || url.port !== '' || url.username !== '') return [];
  return [{ type: 'Action.OpenUrl', title: 'Learn more', tooltip: 'Microsoft explains this step', url: url.href }];
}
