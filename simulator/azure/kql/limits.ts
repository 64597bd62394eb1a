/** What a service takes of the language; some tenants have higher limits, so every part can be given. */
export interface QueryLimits {
  /** Node kinds of the operators that may be written; null = every operator there is. */
  readonly operators: ReadonlySet<string> | null;
  /** null = every kind there is. */
  readonly joinKinds: ReadonlySet<string> | null;
  /** A table other than the query's first may be joined once only. */
  readonly remoteTablesOnce: boolean;
  readonly joins: number;
  /** Table expressions written as arguments of union operators, over the whole query. */
  readonly unionLegs: number;
  readonly mvExpands: number;
  /** Rows made of one row where no limit is written. */
  readonly mvExpandRowsDefault: number;
  readonly mvExpandRowsMax: number;
}

/** learn.microsoft.com/azure/governance/resource-graph/concepts/query-language */
export const resourceGraphLimits: QueryLimits = {
  operators: new Set([
    'CountOperator',
    'DistinctOperator',
    'ExtendOperator',
    'FilterOperator',
    'JoinOperator',
    'MvExpandOperator',
    'ParseOperator',
    'ProjectAwayOperator',
    'ProjectOperator',
    'ProjectRenameOperator',
    'SortOperator',
    'SummarizeOperator',
    'TakeOperator',
    'TopOperator',
    'UnionOperator',
  ]),
  joinKinds: new Set(['innerunique', 'inner', 'leftouter', 'fullouter']),
  remoteTablesOnce: true,
  joins: 3,
  unionLegs: 3,
  mvExpands: 3,
  mvExpandRowsDefault: 128,
  mvExpandRowsMax: 400,
};

const manyRows = 2 ** 31 - 1;

/** Advanced hunting: the whole language as far as it is implemented. */
export const huntingLimits: QueryLimits = {
  operators: null,
  joinKinds: null,
  remoteTablesOnce: false,
  joins: Number.POSITIVE_INFINITY,
  unionLegs: Number.POSITIVE_INFINITY,
  mvExpands: Number.POSITIVE_INFINITY,
  mvExpandRowsDefault: manyRows,
  mvExpandRowsMax: manyRows,
};
