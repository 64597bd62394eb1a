/** What the keeper wants to know of an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
}

const RESOURCE = 'x-ms-ratelimit-remaining-resource';

/** Requests left by an answer's own word: from the header of this name, or the entry of that name in the resource header; null when it does not say. */
export function toldRemaining({ headers }: Answer, name: string): number | null {
  const text = name.startsWith('x-ms-') ? headers.get(name) : entry(headers.get(RESOURCE), name);
  if (text === undefined || !/^-?\d+$/.test(text.trim())) return null;
  return Math.max(0, Number(text));
}

/** `Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11` */
function entry(list: string | undefined, name: string): string | undefined {
  const pairs = (list ?? '').split(',').map((pair) => pair.split(';'));
  return pairs.find(([key]) => key?.trim().toLowerCase() === name.toLowerCase())?.[1];
}
