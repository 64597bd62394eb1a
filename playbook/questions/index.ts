import type { Phrase, Question } from '../../core/question.ts';
import { tokens } from '../../core/question.ts';
import { steps } from '../index.ts';
import { changeQuestions } from './changes.ts';
import { phrases as named } from './phrases.ts';
import { safetyQuestions } from './safety.ts';
import { statusQuestions } from './status.ts';

/** Everything people can ask, in the order help shows it. */
export const questions: readonly Question[] = [...safetyQuestions, ...statusQuestions, ...changeQuestions];

/** What people call the phases, steps and actions; a step also goes by its title, with or without the article it begins with. */
export const phrases: readonly Phrase[] = [
  ...named,
  ...steps.map(({ id, title }): Phrase => ({ arg: 'step', value: id, words: tokens(title.replace(/^The /, '')).join(' ') })),
];
