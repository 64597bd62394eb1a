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
  {
    name: 'commands',
    view: {
      tone: 'refused',
      sentence: 'No plan was made, because the writer identity lacks a role in subscription corp-prod',
      next: 'Have an owner there run what follows, and ask again.',
      commands: [
        'az role assignment create --assignee-object-id b105d2e3-7c94-4f68-ad21-3e4f5a6b7c82 --assignee-principal-type ServicePrincipal --role "Security Admin" --scope /subscriptions/6f1c2a40-0d3e-4b7a-9c51-2f8e7d10a001',
        `az role assignment create --scope '${hostileName}'`,
      ],
      reference: null,
    },
  },
  {
    name: 'lists',
    view: {
      tone: 'info',
      sentence: 'Windows: no policy excludes the old product, the group is missing',
      next: 'Make what is missing, and ask again.',
      lists: [
        {
          title: 'Windows: the group, in Entra',
          lines: ['(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server")'],
        },
        { title: 'Windows: excluded paths', lines: ['C:\\Program Files\\CrowdStrike', 'C:\\ProgramData\\CrowdStrike'] },
      ],
      reference: null,
    },
  },
  {
    name: 'hostile names',
    view: {
      tone: 'refused',
      sentence: hostileName,
      next: hostileNames.join(' '),
      lists: [{ title: hostileName, lines: hostileNames }],
      reference: hostileName,
    },
  },
];
