import { createRequire } from 'node:module';
import type { ColumnSymbol, Diagnostic, List, Separated, SyntaxElement, SyntaxNode, TypeSymbol } from './syntax.ts';

/** The parser's picture of tables, functions and aggregates; every `With` returns a new one. */
export interface Globals {
  readonly ParseOptions: { WithAlwaysProduceEndTokens(value: boolean): unknown };
  readonly Functions: List<{ readonly Name: string }>;
  readonly Aggregates: List<{ readonly Name: string }>;
  WithFunctions(functions: unknown): Globals;
  WithAggregates(aggregates: unknown): Globals;
  WithPlugIns(plugins: unknown): Globals;
  WithDatabase(database: unknown): Globals;
}

export interface TableSymbol extends TypeSymbol {
  readonly Columns: List<ColumnSymbol>;
  WithName(name: string): TableSymbol;
}

interface LanguageScripts {
  readonly GlobalState: { readonly Default: Globals };
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: Globals): { Syntax: SyntaxNode; GetDiagnostics(): List<Diagnostic> } };
  readonly KustoFacts: { GetExpressionResultName(expression: SyntaxNode, defaultName: string | null, row: null): string | null };
  readonly Parsing: {
    readonly TokenParser: { ParseTokens(text: string, options: unknown): unknown };
    readonly QueryParser: { ParseQuery(tokens: unknown, start: number, options: unknown): TreeRoot };
  };
  readonly Binding: {
    readonly Binder: { TryBind(tree: unknown, globals: Globals, cache: unknown, setter: null, cancellation: unknown): boolean };
    readonly LocalBindingCache: new () => unknown;
  };
  readonly Syntax: {
    readonly SyntaxTree: new (root: TreeRoot) => unknown;
    readonly SyntaxKind: Readonly<Record<string, unknown>>;
    readonly DiagnosticsInclude: { readonly SyntacticAndSemantic: number };
  };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): TableSymbol };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: unknown, isOpen: boolean) => unknown };
  };
  readonly Utils: { readonly CancellationToken: unknown };
}

interface TreeRoot extends SyntaxNode {
  GetContainedDiagnostics(include: number): List<Diagnostic>;
}

interface BridgeRuntime {
  toArray<T>(list: List<T>): T[];
  toList<T>(items: readonly T[]): List<T>;
  getDefaultValue(type: unknown): unknown;
}

interface ScriptGlobals {
  Kusto?: { readonly Language: LanguageScripts };
  Bridge?: BridgeRuntime;
}

export interface Analysis {
  readonly root: SyntaxNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** Microsoft's KQL parser and binder, narrowed to what the engine needs. */
export interface Language {
  readonly defaults: Globals;
  /** Parse and bind without building the completion grammar, which costs the public entry point a second or more. */
  analyse(text: string, globals: Globals): Analysis;
  /** The same through the documented entry point; the tests compare both. */
  analyseThroughEntryPoint(text: string, globals: Globals): Analysis;
  kindOf(element: SyntaxElement): string;
  resultName(expression: SyntaxNode): string | null;
  items<T>(list: List<T>): T[];
  elements(list: List<Separated>): SyntaxNode[];
  toList<T>(items: readonly T[]): List<T>;
  tableSymbol(schema: string): TableSymbol;
  database(tables: readonly TableSymbol[]): unknown;
}

/** Loads the two classic scripts once per process: they put themselves on globalThis, in this order only. */
function loadScripts(): { language: LanguageScripts; bridge: BridgeRuntime } {
  const scripts = globalThis as ScriptGlobals;
  if (!scripts.Kusto) {
    const require = createRequire(import.meta.url);
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  }
  if (!scripts.Kusto || !scripts.Bridge) throw new Error('The KQL parser did not register itself.');
  return { language: scripts.Kusto.Language, bridge: scripts.Bridge };
}

export function loadLanguage(): Language {
  const { language: kusto, bridge } = loadScripts();
  const kinds = new Map(
    Object.entries(kusto.Syntax.SyntaxKind).flatMap(([name, value]) => (typeof value === 'number' ? [[value, name]] : [])),
  );

  function analyse(text: string, globals: Globals): Analysis {
    const options = globals.ParseOptions.WithAlwaysProduceEndTokens(true);
    const root = kusto.Parsing.QueryParser.ParseQuery(kusto.Parsing.TokenParser.ParseTokens(text, options), 0, options);
    const cancellation = bridge.getDefaultValue(kusto.Utils.CancellationToken);
    const tree = new kusto.Syntax.SyntaxTree(root);
    if (!kusto.Binding.Binder.TryBind(tree, globals, new kusto.Binding.LocalBindingCache(), null, cancellation)) {
      return { root, diagnostics: [{ Code: 'QueryTooComplex', Message: 'The query is nested too deeply.', Severity: 'Error', Start: 0 }] };
    }
    const diagnostics = root.GetContainedDiagnostics(kusto.Syntax.DiagnosticsInclude.SyntacticAndSemantic);
    return { root, diagnostics: bridge.toArray(diagnostics) };
  }

  return {
    defaults: kusto.GlobalState.Default,
    analyse,
    analyseThroughEntryPoint(text, globals) {
      const code = kusto.KustoCode.ParseAndAnalyze(text, globals);
      return { root: code.Syntax, diagnostics: bridge.toArray(code.GetDiagnostics()) };
    },
    kindOf: (element) => kinds.get(element.Kind) ?? `kind ${element.Kind}`,
    resultName: (expression) => kusto.KustoFacts.GetExpressionResultName(expression, null, null),
    items: (list) => bridge.toArray(list),
    elements: (list) => bridge.toArray(list).map((separated) => separated.Element$1),
    toList: (items) => bridge.toList(items),
    tableSymbol: (schema) => kusto.Symbols.TableSymbol.From(schema),
    database: (tables) => new kusto.Symbols.DatabaseSymbol.$ctor1('resourcegraph', bridge.toList(tables), false),
  };
}
