import type { Fail } from './convert.ts';
import type { QueryLimits } from './limits.ts';
import type { Language } from './load.ts';
import type { SyntaxElement, SyntaxNode } from './syntax.ts';
import type { KqlColumn } from './types.ts';
import type { Cells, Datetime, Value } from './values.ts';

/** What a plan needs when it runs. */
export interface Execution {
  readonly now: Datetime;
  rows(table: string): readonly Cells[];
}

export type Evaluator = (cells: Cells, execution: Execution) => Value;

/** A tabular expression made ready to run; making it never looks at a row. */
export interface Plan {
  readonly columns: readonly KqlColumn[];
  readonly ordered: boolean;
  run(execution: Execution): readonly Cells[];
}

/** What the compilers of one query share. */
export interface Compilation {
  readonly language: Language;
  readonly limits: QueryLimits;
  readonly catalogue: { table(name: string): readonly KqlColumn[] | undefined };
  kindOf(element: SyntaxElement): string;
  /** Throws KqlError at the element. */
  fail(at: SyntaxElement, code: string, message: string): never;
  /** A Fail for trouble found in a value, blamed on the expression that met it. */
  failAt(at: SyntaxElement): Fail;
  tabular(node: SyntaxNode): Plan;
}

/** Where a scalar expression is read: the columns it can name, and what an aggregate call means there. */
export interface Scope {
  readonly compilation: Compilation;
  readonly columns: readonly KqlColumn[];
  readonly aggregate: ((call: SyntaxNode) => Evaluator) | null;
}

export type OperatorCompiler = (node: SyntaxNode, input: Plan, compilation: Compilation) => Plan;
