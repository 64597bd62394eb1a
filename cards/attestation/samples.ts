import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { Sample } from '../samples.ts';
import { hostileName, hostileNames, sampleNow } from '../samples.ts';
import type { AttestationGiven, AttestationOffered, AttestationView } from './view.ts';

const id = '9f2c41aa0d3b5e7788c1d2e3f4a5b6c7d8e9f00112233445566778899aabbe41';
const nonce = '5f1e0a77c2d94b1386aa40c1d2e3f405';

const offered: AttestationOffered = {
  kind: 'offered',
  id,
  nonce,
  effect: 'Facts leave it unknown for 12 of 14 machines now; your word counts for those',
  already: null,
  note: '',
  link: '',
  error: null,
};

const given: AttestationGiven = {
  kind: 'given',
  id,
  by: 'Ana Diaz',
  at: sampleNow - 2 * HOUR,
  note: 'Policy “Servers – canary” in the console has every path and process of the list',
  link: 'https://contoso.example/changes/CHG0012345?view=evidence&page=1',
  ended: null,
  personal: null,
};

const asked: AttestationView = {
  phase: 'onboard',
  stepId: 'third-party-excludes-defender',
  title: 'The other product excludes Defender',
  statement: 'The third-party product on these machines excludes the files, folders and processes of Defender for Endpoint.',
  scope: 'ring canary',
  until: sampleNow + 90 * DAY,
  stage: {
    kind: 'asked',
    by: 'Ana Diaz',
    attesters: ['Ana Diaz', 'Tom Weber'],
    data: { step: 'third-party-excludes-defender', ring: 'canary' },
  },
};

export const attestationSamples: readonly Sample<AttestationView>[] = [
  { name: 'asked for', view: asked },
  { name: 'offered to one person', view: { ...asked, stage: { ...offered, note: 'looked at the console today' } } },
  {
    name: 'offered again, with what was wrong',
    view: { ...asked, stage: { ...offered, already: sampleNow + 3 * DAY, link: 'see mail', error: 'A link begins with https://.' } },
  },
  { name: 'given', view: { ...asked, stage: given } },
  { name: 'given, to one who may take it back', view: { ...asked, stage: { ...given, personal: { nonce, because: null, error: null } } } },
  {
    name: 'given, to one who may only look',
    view: { ...asked, stage: { ...given, personal: { nonce: null, because: 'Only who gave this word can take it back.', error: null } } },
  },
  { name: 'its time is over', view: { ...asked, until: sampleNow - MINUTE, stage: given } },
  {
    name: 'taken back',
    view: { ...asked, until: sampleNow - MINUTE, stage: { ...given, ended: { by: 'Tom Weber', at: sampleNow - MINUTE } } },
  },
  {
    name: 'hostile names',
    view: {
      ...asked,
      title: hostileName,
      scope: hostileName,
      stage: {
        ...given,
        by: hostileName,
        note: hostileNames.join(' '),
        link: hostileNames.join(''),
        ended: { by: hostileName, at: sampleNow },
      },
    },
  },
  {
    name: 'offered, hostile',
    view: {
      ...asked,
      title: hostileName,
      stage: { ...offered, effect: hostileName, note: hostileName, link: hostileName, error: hostileName },
    },
  },
];
