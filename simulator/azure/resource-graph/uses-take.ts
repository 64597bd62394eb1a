const APART = /@'(?:[^']|'')*'|@"(?:[^"]|"")*"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/\/[^\n]*/g;

/** Whether a query takes a number of rows itself, anywhere in it. */
export function usesTake(query: string): boolean {
  return /\|\s*(take|limit)\b/i.test(query.replace(APART, "''"));
}
