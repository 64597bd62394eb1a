/** What a flow ends in. Refused is for the person (a sentence, nothing happened); failed is for the operator. */
export type Outcome<T> = { readonly kind: 'ok'; readonly value: T } | Refused | Failed;

/** A rule said no. `code` is stable and goes into the ledger; `because` is one sentence; `next` is what the person can do. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: string;
  readonly because: string;
  readonly next: string;
  /** Command lines that the next step is to run as they stand; left out when there are none. */
  readonly commands?: readonly string[];
}

/** Something broke. `doing` says what was being done, to what; `fix` what an operator clicks or grants. */
export interface Failed {
  readonly kind: 'failed';
  readonly doing: string;
  readonly fix: string;
}

export function ok<T>(value: T): Outcome<T> {
  return { kind: 'ok', value };
}

export function refused(code: string, because: string, next: string, commands: readonly string[] = []): Refused {
  return { kind: 'refused', code, because, next, ...(commands.length > 0 && { commands }) };
}

export function failed(doing: string, fix: string): Failed {
  return { kind: 'failed', doing, fix };
}
