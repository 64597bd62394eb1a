/** Limits of the Resource Graph query language; some tenants have higher ones, so they can be given. */
export interface QueryLimits {
  readonly joins: number;
  /** Table expressions written as arguments of union operators, over the whole query. */
  readonly unionLegs: number;
  readonly mvExpands: number;
  readonly mvExpandRowsDefault: number;
  readonly mvExpandRowsMax: number;
}

/** learn.microsoft.com/azure/governance/resource-graph/concepts/query-language */
export const resourceGraphLimits: QueryLimits = {
  joins: 3,
  unionLegs: 3,
  mvExpands: 3,
  mvExpandRowsDefault: 128,
  mvExpandRowsMax: 400,
};
