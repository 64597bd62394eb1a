/** How something done on a machine ended, as its tool would say it; 0 and 3010 (restart needed) are success. */
export interface Outcome {
  exitCode: number;
  message: string;
}

export const DONE: Outcome = { exitCode: 0, message: '' };

export function failed(exitCode: number, message: string): Outcome {
  return { exitCode, message };
}
