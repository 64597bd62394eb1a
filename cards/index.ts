import type { RenderedCard } from '../core/ports.ts';
import { attestationCard, attestationSamples } from './attestation/data.ts';
import { checklistCard, checklistSamples } from './checklist/data.ts';
import { digestCard, digestSamples } from './digest/data.ts';
import type { Frame } from './frame.ts';
import { gapsCard, gapsSamples } from './gaps/data.ts';
import { helpCard, helpSamples } from './help/data.ts';
import { listCard, listSamples } from './list/data.ts';
import { machineCard, machineSamples } from './machine/data.ts';
import { noticeCard, noticeSamples } from './notice/data.ts';
import { runCard, runSamples } from './run/data.ts';
import type { Sample } from './samples.ts';
import { signOffCard, signOffSamples } from './sign-off/data.ts';
import { stepCard, stepSamples } from './step/data.ts';
import { targetsCard, targetsSamples } from './targets/data.ts';

export interface CardRow {
  /** The card's folder. */
  readonly name: string;
  readonly samples: readonly { readonly name: string; readonly render: (frame: Frame) => RenderedCard }[];
}

/** Every card there is, one line each. */
export const cards: readonly CardRow[] = [
  row('attestation', attestationCard, attestationSamples),
  row('checklist', checklistCard, checklistSamples),
  row('digest', digestCard, digestSamples),
  row('gaps', gapsCard, gapsSamples),
  row('help', helpCard, helpSamples),
  row('list', listCard, listSamples),
  row('machine', machineCard, machineSamples),
  row('notice', noticeCard, noticeSamples),
  row('run', runCard, runSamples),
  row('sign-off', signOffCard, signOffSamples),
  row('step', stepCard, stepSamples),
  row('targets', targetsCard, targetsSamples),
];

function row<View>(name: string, card: (view: View, frame: Frame) => RenderedCard, samples: readonly Sample<View>[]): CardRow {
  return { name, samples: samples.map(({ name: sample, view }) => ({ name: sample, render: (frame) => card(view, frame) })) };
}
