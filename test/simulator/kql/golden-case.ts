export interface GoldenCase {
  readonly claim: string;
  readonly query: string;
  /** `name:type` of every result column, in order. */
  readonly columns: string;
  /** The rows stand in the order of the result; without it their order is not part of the claim. */
  readonly ordered?: true;
  readonly rows: readonly (readonly unknown[])[];
}
