/** A token bucket: how many requests it holds, and how fast it fills again. */
export interface BucketRule {
  readonly size: number;
  readonly perMinute: number;
}

/** One limit that a request counts against. */
export interface Limit {
  /** Of its bucket: requests with the same key share one. */
  readonly key: string;
  readonly rule: BucketRule;
  /** How an answer's headers call what is left: a header, or an entry of `x-ms-ratelimit-remaining-resource`; null when they do not tell. */
  readonly told: string | null;
}
