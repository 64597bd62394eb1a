/** One comparison of a rule, in lower case: `deviceostype` and `windows server`. */
interface Clause {
  readonly property: string;
  readonly value: string;
}

const CLAUSE = /device\.(\w+)\s+-eq\s+(?:"([^"]*)"|'([^']*)')/gi;

/** The comparisons that a rule joins by “and”; null for a rule that says anything else. */
function clausesOf(rule: string): readonly Clause[] | null {
  const rest = rule.replaceAll(CLAUSE, '').replaceAll(/-?\band\b|[()\s]/gi, '');
  if (rest !== '') return null;
  return [...rule.matchAll(CLAUSE)].map(([, property = '', double, single]) => {
    return { property: property.toLowerCase(), value: (double ?? single ?? '').toLowerCase() };
  });
}

/** Do two rules say the same, whatever their order, letter case and brackets? */
export function sameRule(one: string, other: string): boolean {
  const [a, b] = [one, other].map((rule) => clausesOf(rule)?.map(({ property, value }) => `${property}=${value}`));
  return a !== undefined && b !== undefined && new Set(a).size === new Set([...a, ...b]).size && new Set(b).size === new Set(a).size;
}

/** Is a rule for servers of this type that Defender manages, as far as its text tells? */
export function isForDevices(rule: string, deviceType: string): boolean {
  const clauses = clausesOf(rule);
  if (clauses === null) return new RegExp(`microsoftsense|${deviceType}`, 'i').test(rule);
  const types = clauses.filter(({ property }) => property === 'deviceostype');
  if (types.length > 0) return types.every(({ value }) => value === deviceType.toLowerCase());
  return clauses.some(({ property, value }) => property === 'managementtype' && value === 'microsoftsense');
}
