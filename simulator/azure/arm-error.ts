/** An answer that is an error in Azure Resource Manager's shape. */
export class ArmError extends Error {
  status: number;
  code: string;
  details: unknown[];
  headers: Record<string, string>;
  constructor(status: number, code: string, message: string, more: { details?: unknown[]; headers?: Record<string, string> } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details ?? [];
    this.headers = more.headers ?? {};
  }
}

/** The body of an error answer. */
export function armErrorBody(code: string, message: string, details: unknown[] = []): unknown {
  return { error: details.length > 0 ? { code, message, details } : { code, message } };
}
