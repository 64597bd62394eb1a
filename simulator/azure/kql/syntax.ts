/** The part of the parser's bound tree that the engine reads. */
export interface SyntaxElement {
  readonly Kind: number;
  readonly TextStart: number;
  readonly ChildCount: number;
  GetChild(index: number): SyntaxNode | null;
}

export interface Token extends SyntaxElement {
  readonly Text: string;
  readonly ValueText: string;
}

/** Read through Language.items(). */
export interface List<T> {
  readonly Count: number;
  getItem?(index: number): T;
}

export interface Separated {
  readonly Element$1: SyntaxNode;
}

export interface ColumnSymbol {
  readonly Name: string;
  readonly Type: TypeSymbol;
}

export interface TypeSymbol {
  readonly Name: string;
  readonly Columns?: List<ColumnSymbol>;
}

/** One type for every node: which of these a node really has depends on its kind. */
export interface SyntaxNode extends SyntaxElement {
  readonly ResultType: TypeSymbol | null;
  readonly ReferencedSymbol: TypeSymbol | null;
  readonly LiteralValue: unknown;
  readonly SimpleName: string;
  readonly Text: string;
  readonly Name: SyntaxNode;
  readonly Expression: SyntaxNode;
  readonly Expressions: List<Separated>;
  readonly Statements: List<Separated>;
  readonly Operator: SyntaxNode & Token;
  readonly Condition: SyntaxNode;
  readonly Left: SyntaxNode;
  readonly Right: SyntaxNode;
  readonly First: SyntaxNode;
  readonly Second: SyntaxNode;
  readonly Selector: SyntaxNode;
  readonly ArgumentList: SyntaxNode;
  readonly Token: Token;
  readonly Type: Token;
  readonly Types: List<Separated>;
  readonly Values: List<Separated>;
  readonly Pairs: List<{ readonly Element$1: { readonly Name: Token; readonly Value: SyntaxNode } }>;
  readonly Parameters: List<SyntaxNode>;
  readonly Patterns: List<SyntaxNode>;
  readonly Aggregates: List<Separated>;
  readonly ByClause: (SyntaxNode & { readonly BinClause: SyntaxNode | null }) | null;
  readonly ByExpression: SyntaxNode;
  readonly ConditionClause: SyntaxNode | null;
  readonly ToTypeOf: (SyntaxNode & { readonly TypeOf: SyntaxNode }) | null;
  readonly RowLimitClause: (SyntaxNode & { readonly RowLimit: SyntaxNode }) | null;
  readonly Ordering: { readonly AscOrDescKeyword: Token | null; readonly NullsClause: SyntaxNode | null } | null;
}

export interface Diagnostic {
  readonly Code: string;
  readonly Message: string;
  readonly Severity: string;
  readonly Start: number;
}
