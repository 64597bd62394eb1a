/** One call of one target of one plan. */
export function journalKey(planHash: string, targetId: string, callId: string): string {
  return `${planHash} ${targetId} ${callId}`;
}
