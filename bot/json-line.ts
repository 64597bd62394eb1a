/** A value as one line of JSON. U+2028 and U+2029 are escaped: whoever reads by lines takes them for line ends. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}
