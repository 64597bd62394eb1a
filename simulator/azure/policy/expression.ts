export type Functions = Readonly<Record<string, (...values: unknown[]) => unknown>>;

/** Thrown for an expression of the template language that cannot be read or worked out. */
export class ExpressionError extends Error {}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_]\w*)|([().,[\]]))/y;
type Token = { text: string } | { number: number } | { name: string } | { sign: string };

/** Works out every `[…]` inside `value`, however deep; `[[` stands for a bracket. Throws ExpressionError. */
export function evaluated(value: unknown, functions: Functions): unknown {
  if (typeof value === 'string') return evaluatedText(value, functions);
  if (Array.isArray(value)) return value.map((item) => evaluated(item, functions));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluated(item, functions)]));
}

/** Names of the parameters an expression asks for, wherever it stands in `value`. */
export function parametersOf(value: unknown): string[] {
  const text = JSON.stringify(value ?? null);
  return [...text.matchAll(/\bparameters\('([^']+)'\)/gi)].map(([, name = '']) => name);
}

function evaluatedText(text: string, functions: Functions): unknown {
  if (text.startsWith('[[')) return text.slice(1);
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  const reader = createReader(tokens(text.slice(1, -1)), functions);
  const value = reader.expression();
  if (!reader.atEnd()) throw new ExpressionError(`The expression '${text}' is not valid.`);
  return value;
}

function tokens(text: string): Token[] {
  const list: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const [, string, number, name, sign] = TOKEN.exec(text) ?? [];
    if (string !== undefined) list.push({ text: string.replaceAll("''", "'") });
    else if (number !== undefined) list.push({ number: Number(number) });
    else if (name !== undefined) list.push({ name });
    else if (sign !== undefined) list.push({ sign });
    else throw new ExpressionError(`The expression '[${text}]' is not valid.`);
  }
  return list;
}

function createReader(list: Token[], functions: Functions) {
  let at = 0;
  const isSign = (sign: string) => {
    const token = list[at];
    return token !== undefined && 'sign' in token && token.sign === sign;
  };
  function take(sign: string): void {
    if (!isSign(sign)) throw new ExpressionError(`'${sign}' was expected in the expression.`);
    at += 1;
  }
  function call(name: string): unknown {
    const known = Object.entries(functions).find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (!known) throw new ExpressionError(`The template function '${name}' is not valid.`);
    const given: unknown[] = [];
    take('(');
    while (!isSign(')')) {
      if (given.length > 0) take(',');
      given.push(expression());
    }
    take(')');
    return known[1](...given);
  }
  function primary(): unknown {
    const token = list[at];
    at += 1;
    if (token && 'text' in token) return token.text;
    if (token && 'number' in token) return token.number;
    if (token && 'name' in token) return call(token.name);
    throw new ExpressionError('The expression ends too early.');
  }
  function member(value: unknown, key: unknown): unknown {
    const isKey = typeof key === 'string' || typeof key === 'number';
    if (isKey && typeof value === 'object' && value !== null) return (value as Record<string | number, unknown>)[key];
    throw new ExpressionError(`The expression property ${JSON.stringify(key)} does not exist.`);
  }
  function expression(): unknown {
    let value = primary();
    for (;;) {
      if (isSign('.')) {
        at += 1;
        const token = list[at];
        at += 1;
        value = member(value, token && 'name' in token ? token.name : undefined);
      } else if (isSign('[')) {
        at += 1;
        value = member(value, expression());
        take(']');
      } else return value;
    }
  }
  return { expression, atEnd: () => at === list.length };
}
