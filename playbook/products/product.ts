/** What another vendor's product leaves on a machine, by which the read-only probe knows it. */
export interface Product {
  /** How cards and questions call it. */
  readonly vendor: string;
  /** Names as Windows shows them, whatever their letter case; `*` stands for any characters. */
  readonly windows: {
    /** Names of services, not what the console displays. */
    readonly services: readonly string[];
    /** Files of kernel drivers, `csagent.sys`. */
    readonly drivers: readonly string[];
    /** Display names among the installed programs. */
    readonly programs: readonly string[];
  };
  /** Exact names. */
  readonly linux: {
    /** systemd units without `.service`. */
    readonly units: readonly string[];
    readonly packages: readonly string[];
    /** Files or folders. */
    readonly paths: readonly string[];
  };
  /** Those of the names above that were found in public lists. All others are from general knowledge: UNVERIFIED. */
  readonly seenInPublicLists: readonly string[];
}
