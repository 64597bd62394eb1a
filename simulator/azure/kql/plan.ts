import type { Fail } from './fail.ts';
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
  /** Set where every row of `source` gives one row or none, so that steps in a row are walked once. */
  readonly rowwise?: { readonly source: Plan; readonly steps: readonly RowStep[] };
}

/** What becomes of one row; undefined = it is dropped. */
export type RowStep = (cells: Cells, execution: Execution) => Cells | undefined;

/** A plan that looks at each row by itself and keeps their order. */
export function rowwisePlan(input: Plan, columns: readonly KqlColumn[], step: RowStep): Plan {
  const source = input.rowwise?.source ?? input;
  const steps = [...(input.rowwise?.steps ?? []), step];
  return {
    columns,
    ordered: input.ordered,
    rowwise: { source, steps },
    run: (execution) => walked(source.run(execution), steps, execution),
  };
}

function walked(rows: readonly Cells[], steps: readonly RowStep[], execution: Execution): readonly Cells[] {
  const result: Cells[] = [];
  for (const row of rows) {
    let cells: Cells | undefined = row;
    for (let index = 0; cells !== undefined && index < steps.length; index += 1) cells = steps[index]?.(cells, execution);
    if (cells !== undefined) result.push(cells);
  }
  return result;
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
