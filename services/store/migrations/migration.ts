/** One numbered change of the tables. Never edited once released: a change of mind is a new one. PostgreSQL 15 syntax. */
export interface StoreMigration {
  readonly name: string;
  /** One statement each: the embedded engine takes one at a time. */
  readonly statements: readonly string[];
}
