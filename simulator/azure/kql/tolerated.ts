import type { Language } from './load.ts';
import type { Diagnostic, SyntaxNode } from './syntax.ts';

/** Where the binder is stricter than the service: published queries are written so and answered. Keyed by diagnostic code. */
const tolerances: Readonly<Record<string, (node: SyntaxNode, offset: number, language: Language) => boolean>> = {
  // not() of a property, count() of a value
  KS107: (node, offset, language) => {
    if (language.kindOf(node) !== 'FunctionCallExpression') return false;
    const [argument] = language.elements(node.ArgumentList.Expressions);
    if (argument?.TextStart !== offset) return false;
    const type = argument.ResultType?.Name;
    if (node.Name.SimpleName === 'not') return type === 'dynamic';
    return node.Name.SimpleName === 'count' && type !== undefined && type !== 'bool';
  },
  // $right.a == $left.b
  KS183: (node, _offset, language) =>
    language.kindOf(node) === 'EqualExpression' && sideOf(node.Left, language) === '$right' && sideOf(node.Right, language) === '$left',
};

/** `$left` or `$right` of `$left.column`, otherwise nothing. */
function sideOf(node: SyntaxNode, language: Language): string {
  if (language.kindOf(node) !== 'PathExpression' || language.kindOf(node.Expression) !== 'NameReference') return '';
  const side = node.Expression.SimpleName;
  return side === '$left' || side === '$right' ? side : '';
}

/** The errors that count, in the order of the text. */
export function relevantErrors(root: SyntaxNode, diagnostics: readonly Diagnostic[], language: Language): readonly Diagnostic[] {
  const errors = diagnostics.filter(({ Severity }) => Severity === 'Error');
  return errors
    .filter((error) => {
      const tolerates = tolerances[error.Code];
      return !tolerates || !around(root, error.Start).some((node) => tolerates(node, error.Start, language));
    })
    .toSorted((left, right) => left.Start - right.Start);
}

/** The nodes on the way down to a place in the text. */
function around(root: SyntaxNode, offset: number): readonly SyntaxNode[] {
  const path: SyntaxNode[] = [];
  for (let node: SyntaxNode | null = root; node; node = childAt(node, offset)) path.push(node);
  return path;
}

function childAt(node: SyntaxNode, offset: number): SyntaxNode | null {
  for (let index = node.ChildCount - 1; index >= 0; index -= 1) {
    const child = node.GetChild(index);
    if (child && child.TextStart <= offset) return child;
  }
  return null;
}
