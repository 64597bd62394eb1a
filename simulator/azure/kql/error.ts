/** A query this engine refuses, with the place in its text. Lines and columns count from 1. */
export class KqlError extends Error {
  readonly code: string;
  readonly line: number;
  readonly column: number;

  constructor(code: string, message: string, text: string, offset: number) {
    super(message);
    this.name = 'KqlError';
    this.code = code;
    const before = text.slice(0, offset).split('\n');
    this.line = before.length;
    this.column = (before.at(-1) ?? '').length + 1;
  }
}
