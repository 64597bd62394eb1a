import type { Sample } from '../samples.ts';
import { hostileName, hostileNames } from '../samples.ts';
import type { HelpView } from './view.ts';

const questions = [
  { title: 'Where a phase stands', example: 'where are we with phase 1?' },
  { title: 'One step across its machines', example: 'is passive mode set everywhere?' },
  { title: 'One machine', example: 'how is machine srv-sql-07' },
  { title: 'Ask for a change (nothing runs until it is signed)', example: 'set passive mode on ring canary' },
];

export const helpSamples: readonly Sample<HelpView>[] = [
  { name: 'help', view: { readAs: null, sentence: 'Ask in your own words; these are examples', questions } },
  {
    name: 'unclear',
    view: {
      readAs: 'nothing I know',
      sentence: 'I did not understand that; nothing was done. Did you mean one of these?',
      questions: questions.slice(0, 3),
    },
  },
  {
    name: 'hostile names',
    view: { readAs: hostileName, sentence: hostileName, questions: hostileNames.map((bad) => ({ title: bad, example: bad })) },
  },
];
