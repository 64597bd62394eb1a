import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { BudgetKeeper, Leave } from '../budgets/keeper.ts';
import { Incomplete } from '../incomplete.ts';
import type { Patience } from '../patience.ts';

/** The clock may be moved meanwhile, so a long wait is taken in pieces. Real ms. */
const LONGEST_PIECE = 250;

/** Keeps reads within Azure's limits: each attempt waits for its leave, and fails unasked when that is too far away. */
export function readBudgetPolicy(keeper: BudgetKeeper, urgent: boolean, patience: Patience): PipelinePolicy {
  async function leaveFor(method: string, path: string): Promise<Leave> {
    for (let waited = 0; ; ) {
      const leave = keeper.take({ identity: 'reader', method, path, region: '', urgent });
      if (leave.waitSeconds === 0) return leave;
      const wait = Math.ceil(leave.waitSeconds * 1000);
      if (waited + wait > patience.longestWaitMs) {
        throw new Incomplete(`Azure’s limits leave no room for another ${Math.ceil(leave.waitSeconds)} seconds`);
      }
      const piece = Math.min(wait, LONGEST_PIECE);
      await patience.pause(piece);
      waited += piece;
    }
  }
  return {
    name: 'greenlightReadBudget',
    async sendRequest(request, next) {
      const leave = await leaveFor(request.method, decoded(new URL(request.url).pathname));
      const response = await next(request);
      leave.answered(response);
      return response;
    },
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
