import type { Question } from '../../core/question.ts';
import { changeQuestions } from './changes.ts';
import { safetyQuestions } from './safety.ts';
import { statusQuestions } from './status.ts';

/** Everything people can ask, in the order help shows it. */
export const questions: readonly Question[] = [...safetyQuestions, ...statusQuestions, ...changeQuestions];

export { phrases } from './phrases.ts';
