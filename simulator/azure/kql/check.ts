import { KqlError } from './error.ts';
import type { QueryLimits } from './limits.ts';
import type { Language } from './load.ts';
import type { Compilation, Plan } from './plan.ts';
import { applyRules } from './rules.ts';
import type { BoundSchema } from './schema.ts';
import { compileTabular } from './tabular.ts';

/** Parses, binds and compiles a query: everything that can be refused without a row is refused here, with its place. */
export function compileQuery(query: string, language: Language, schema: BoundSchema, limits: QueryLimits): Plan {
  const { root, diagnostics } = language.analyse(query, schema.globalsFor(query));
  const [first] = diagnostics.filter(({ Severity }) => Severity === 'Error').toSorted((left, right) => left.Start - right.Start);
  if (first) throw new KqlError(first.Code, first.Message, query, first.Start);

  const compilation: Compilation = {
    language,
    limits,
    catalogue: schema,
    kindOf: (element) => language.kindOf(element),
    fail(at, code, message) {
      throw new KqlError(code, message, query, at.TextStart);
    },
    failAt: (at) => (message) => {
      throw new KqlError('Unsupported', message, query, at.TextStart);
    },
    tabular: (node) => compileTabular(node, compilation),
  };
  applyRules(root, compilation);
  const [statement] = language.elements(root.Statements);
  if (!statement) return compilation.fail(root, 'EmptyQuery', 'The query is empty.');
  return compileTabular(statement.Expression, compilation);
}
