import { KqlError } from './error.ts';
import { bracketKeywordColumns } from './keyword-columns.ts';
import type { QueryLimits } from './limits.ts';
import type { Language } from './load.ts';
import { tooDeepAt } from './nesting.ts';
import type { Compilation, Plan } from './plan.ts';
import { applyRules } from './rules.ts';
import type { BoundSchema } from './schema.ts';
import { compileTabular } from './tabular.ts';
import { relevantErrors } from './tolerated.ts';

/** Parses, binds and compiles a query: everything that can be refused without a row is refused here, with its place. */
export function compileQuery(query: string, language: Language, schema: BoundSchema, limits: QueryLimits): Plan {
  const tooDeep = tooDeepAt(query);
  if (tooDeep >= 0) throw new KqlError('QueryTooComplex', 'The query is nested too deeply.', query, tooDeep);
  const globals = schema.globalsFor(query);
  const { root, diagnostics, original } = bracketKeywordColumns(query, (text) => language.analyse(text, globals));
  const [first] = relevantErrors(root, diagnostics, language);
  if (first) throw new KqlError(first.Code, first.Message, query, original(first.Start));

  const compilation: Compilation = {
    language,
    limits,
    catalogue: schema,
    kindOf: (element) => language.kindOf(element),
    fail(at, code, message) {
      throw new KqlError(code, message, query, original(at.TextStart));
    },
    failAt: (at) => (message) => {
      throw new KqlError('Unsupported', message, query, original(at.TextStart));
    },
    tabular: (node) => compileTabular(node, compilation),
  };
  applyRules(root, compilation);
  const [statement] = language.elements(root.Statements);
  if (!statement) return compilation.fail(root, 'EmptyQuery', 'The query is empty.');
  return compileTabular(statement.Expression, compilation);
}
