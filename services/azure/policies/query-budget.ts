import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Budget } from '../budget.ts';

/** Tells the budget of every single answer: one that was throttled and is asked for again holds up the others as well. */
export function queryBudgetPolicy(budget: Budget): PipelinePolicy {
  return {
    name: 'greenlightQueryBudget',
    async sendRequest(request, next) {
      const response = await next(request);
      budget.observe(response);
      return response;
    },
  };
}
