import { arithmetic } from './arithmetic.ts';
import { typeOf } from './bound.ts';
import { assertComparable, boolAsNumber, equal, isBoolWithNumber, notEqual, relational } from './compare.ts';
import { conform } from './convert.ts';
import type { Fail } from './fail.ts';
import type { Compilation, Evaluator } from './plan.ts';
import { regexReader } from './regex.ts';
import type { SyntaxNode } from './syntax.ts';
import { toText } from './text.ts';
import { textMatchOf } from './text-match.ts';
import type { Value } from './values.ts';

type Compare = (left: Value, right: Value, fail: Fail) => boolean | null;

const comparisons: Readonly<Record<string, Compare>> = {
  EqualExpression: equal,
  NotEqualExpression: notEqual,
  LessThanExpression: relational((order) => order < 0),
  LessThanOrEqualExpression: relational((order) => order <= 0),
  GreaterThanExpression: relational((order) => order > 0),
  GreaterThanOrEqualExpression: relational((order) => order >= 0),
};

/** A text operator with one null operand is false, its negation true; two nulls are null. */
function compileMatch(node: SyntaxNode, left: Evaluator, right: Evaluator, compilation: Compilation): Evaluator | undefined {
  const found = textMatchOf(compilation.kindOf(node));
  if (!found) return undefined;
  const { match, negated } = found;
  const fail = compilation.failAt(node);
  const types = [typeOf(node.Left, compilation), typeOf(node.Right, compilation)] as const;
  return (cells, execution) => {
    const text = left(cells, execution);
    const wanted = right(cells, execution);
    if (text === null || wanted === null) return text === wanted ? null : negated;
    return match(toText(text, types[0], fail), toText(wanted, types[1], fail)) !== negated;
  };
}

function compileRegexMatch(node: SyntaxNode, left: Evaluator, right: Evaluator, compilation: Compilation): Evaluator {
  const fail = compilation.failAt(node);
  const type = typeOf(node.Left, compilation);
  const regex = regexReader(fail);
  return (cells, execution) => {
    const text = left(cells, execution);
    const pattern = right(cells, execution);
    if (text === null || typeof pattern !== 'string') return pattern === null && text === null ? null : false;
    const value = toText(text, type, fail);
    return regex(pattern, '', value).test(value);
  };
}

/** Three-valued: the deciding operand wins over null. */
function compileLogic(decisive: boolean, left: Evaluator, right: Evaluator): Evaluator {
  return (cells, execution) => {
    const first = left(cells, execution);
    if (first === decisive) return decisive;
    const second = right(cells, execution);
    if (second === decisive) return decisive;
    return first === null || second === null ? null : !decisive;
  };
}

/** Any operator with a left and a right operand that are single expressions. */
export function compileBinary(node: SyntaxNode, left: Evaluator, right: Evaluator, compilation: Compilation): Evaluator {
  const kind = compilation.kindOf(node);
  const fail = compilation.failAt(node);
  if (kind === 'AndExpression' || kind === 'OrExpression') return compileLogic(kind === 'OrExpression', left, right);
  if (kind === 'MatchesRegexExpression') return compileRegexMatch(node, left, right, compilation);
  const compare = comparisons[kind];
  if (compare) {
    const types = [typeOf(node.Left, compilation), typeOf(node.Right, compilation)] as const;
    assertComparable(node, ...types, compilation);
    if (isBoolWithNumber(...types)) {
      return (cells, execution) => compare(boolAsNumber(left(cells, execution)), boolAsNumber(right(cells, execution)), fail);
    }
    return (cells, execution) => compare(left(cells, execution), right(cells, execution), fail);
  }
  const compute = arithmetic(kind);
  if (compute) {
    if (typeOf(node.Left, compilation) === 'dynamic' && typeOf(node.Right, compilation) === 'dynamic') {
      return compilation.fail(node, 'NotImplemented', 'Arithmetic on two dynamic values needs one of them converted first.');
    }
    const result = typeOf(node, compilation);
    return (cells, execution) => conform(compute(left(cells, execution), right(cells, execution), result, fail), result, fail);
  }
  return (
    compileMatch(node, left, right, compilation) ??
    compilation.fail(node.Operator, 'NotImplemented', `The operator ${node.Operator.Text} is not implemented.`)
  );
}
