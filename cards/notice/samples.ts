import type { Sample } from '../samples.ts';
import { hostileName, hostileNames } from '../samples.ts';
import type { NoticeView } from './view.ts';

export const noticeSamples: readonly Sample<NoticeView>[] = [
  { name: 'info', view: { tone: 'info', sentence: 'The run was stopped', next: '', reference: null } },
  {
    name: 'done',
    view: { tone: 'done', sentence: 'GL-0007 is complete: 6 of 6 proven', next: 'The next checklist shows it.', reference: null },
  },
  {
    name: 'attention',
    view: { tone: 'attention', sentence: 'GL-0007 halted itself: 2 of 6 proven', next: 'The run card names the rest.', reference: null },
  },
  {
    name: 'refused',
    view: {
      tone: 'refused',
      sentence: 'You asked for this plan, so you cannot sign it',
      next: 'Another named approver has to.',
      reference: null,
    },
  },
  {
    name: 'error',
    view: {
      tone: 'error',
      sentence: 'The plan could not be read from the store',
      next: 'Press again in a minute; if it stays, quote the reference.',
      reference: 'k7f2-09qz',
    },
  },
  { name: 'hostile names', view: { tone: 'refused', sentence: hostileName, next: hostileNames.join(' '), reference: hostileName } },
];
