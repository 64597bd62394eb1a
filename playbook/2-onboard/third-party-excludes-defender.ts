import { notKnown, step } from '../../core/step.ts';
import { exclusionsForDefender } from '../exclusions/index.ts';

/** Only the old product's own console shows what it leaves alone, so this is somebody's word. It can be given while Prepare is open. */
export const thirdPartyExcludesDefender = step({
  id: 'third-party-excludes-defender',
  phase: 'onboard',
  title: 'The old product leaves Defender alone',
  why: 'A product that scans or blocks Defender’s files slows the server down, and can stop Defender from being installed.',
  link: 'https://learn.microsoft.com/defender-endpoint/switch-to-mde-phase-2',
  subject: 'organisation',
  needs: [],
  owner: 'security team',
  holdsThrough: 'cut-over',
  attestable: {
    statement: 'The old product leaves everything on the list of this step alone, on every server of the migration.',
    holdsDays: 90,
  },
  handsOut: exclusionsForDefender,
  check: () =>
    notKnown(
      'not-attested',
      'only the old product’s console shows what it leaves alone, and nobody has vouched for it',
      'Put the list into the old product, then: attest third-party-excludes-defender.',
    ),
});
