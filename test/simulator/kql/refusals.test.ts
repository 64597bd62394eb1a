import { implementedCatalogue } from '../../../simulator/azure/kql/catalogue.ts';
import { createKqlEngine, KqlError } from '../../../simulator/azure/kql/index.ts';
import { type Analysis, loadLanguage } from '../../../simulator/azure/kql/load.ts';
import { bindSchema } from '../../../simulator/azure/kql/schema.ts';
import { productCases } from './cases/product.ts';
import { refusals, runTimeRefusals } from './cases/refusals.ts';
import { schema, tables } from './tables.ts';

const now = Date.UTC(2026, 0, 10, 12);
const engine = createKqlEngine(schema);

function refusalOf(act: () => unknown): KqlError {
  try {
    act();
  } catch (error) {
    if (error instanceof KqlError) return error;
    throw error;
  }
  throw new Error('The query was not refused.');
}

describe('refused before any row is read, with code and place', () => {
  test.each(refusals)('$claim', ({ query, code, line, column }) => {
    const { code: found, line: foundLine, column: foundColumn, message } = refusalOf(() => engine.check(query));
    expect({ code: found, line: foundLine, column: foundColumn }).toEqual({ code, line, column });
    expect(message).toMatch(/\S/);
  });
});

describe('refused when a value turns up that is not implemented', () => {
  test.each(runTimeRefusals)('$claim', ({ query, code, line, column }) => {
    expect(() => engine.check(query)).not.toThrow();
    const refusal = refusalOf(() => engine.run(query, tables, now));
    expect({ code: refusal.code, line: refusal.line, column: refusal.column }).toEqual({ code, line, column });
  });
});

describe('schema', () => {
  test('a column may have any name, even a keyword or one with quotes', () => {
    const odd = createKqlEngine({ tables: { t: { kind: 'string', 'a.b': 'long', "it's": 'bool', 'back\\slash': 'real' } } });
    expect(odd.check("t | project kind, ['a.b'], ['it\\'s'], ['back\\\\slash']").map(({ type }) => type)).toEqual([
      'string',
      'long',
      'bool',
      'real',
    ]);
  });

  test('a table declared in two casings is a mistake', () => {
    expect(() => createKqlEngine({ tables: { t: { a: 'long' }, T: { a: 'long' } } }).check('t')).toThrow('Table T is declared twice.');
  });
});

describe('the fast path through the parser', () => {
  const language = loadLanguage();
  const bound = bindSchema(schema, language, implementedCatalogue(language));

  function diagnostics({ diagnostics: found }: Analysis): string[] {
    return found.map(({ Code, Start, Severity }) => `${Code} ${Severity} ${Start}`).toSorted();
  }

  const texts = [...productCases, ...refusals, ...runTimeRefusals].map(({ query }) => query);

  test('there is something to compare', () => {
    const faulty = texts.filter((text) => language.analyse(text, bound.globalsFor(text)).diagnostics.length > 0);
    expect(faulty.length).toBeGreaterThan(12);
  });

  test.each(texts)('gives the diagnostics of the public entry point: %s', (text) => {
    const globals = bound.globalsFor(text);
    expect(diagnostics(language.analyse(text, globals))).toEqual(diagnostics(language.analyseThroughEntryPoint(text, globals)));
  });
});
