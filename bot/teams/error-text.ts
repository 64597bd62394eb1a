const LONGEST = 300;

/** An error as one short line for the log: no stack, no headers, nothing that looks like a token or a secret. */
export function errorText(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}${causeText(error.cause)}` : typeof error === 'string' ? error : 'unknown';
  return text
    .replace(/eyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)*/g, '[token]')
    .replace(/(bearer\s+|(?:secret|password|token|key|sig)["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi, '$1[hidden]')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, LONGEST);
}

function causeText(cause: unknown): string {
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? ` (${code})` : '';
}
