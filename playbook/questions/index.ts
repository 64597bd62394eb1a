import type { Question } from '../../core/question.ts';
import { changeQuestions } from './changes.ts';
import { statusQuestions } from './status.ts';

/** Everything people can ask, in the order help shows it. */
export const questions: readonly Question[] = [...statusQuestions, ...changeQuestions];

export { phrases } from './phrases.ts';
