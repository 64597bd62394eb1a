import type { Instant } from '../instant.ts';

/** A server that ought to exist. */
export interface ListedServer {
  readonly name: string;
  /** Empty when the list does not say. */
  readonly fqdn: string;
  readonly owner: string;
  /** As the list words it. */
  readonly os: string;
}

/** The servers that ought to exist, as somebody vouched for them; without a list only what Azure already sees is counted. */
export type ServerList =
  | { readonly loaded: false }
  | {
      readonly loaded: true;
      /** The day it was drawn up. */
      readonly asOf: Instant;
      readonly attestedBy: string;
      readonly servers: readonly ListedServer[];
      /** Of the file's bytes: tells one content from another that is dated and vouched for the same. */
      readonly sha256: string;
    };
