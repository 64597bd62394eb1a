import { parseArgs } from 'node:util';
import { conversation } from '../e2e/support/conversation.ts';
import { Rehearsal } from '../e2e/support/rehearsal.ts';
import { EACH_RING, FIRST } from './journey.ts';
import { gapsOf } from './minutes.ts';
import { gapLine, leftLine, legLine } from './report.ts';
import { truthsOf } from './truth.ts';
import { type Walked, walkLeg } from './walk-leg.ts';

/** What the sample's migration file grants. */
const LIMIT_MINUTES = 60;

const { values } = parseArgs({ options: { rings: { type: 'string' }, verbose: { type: 'boolean' } } });
const rehearsal = new Rehearsal({ calm: true });
let failed = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void rehearsal.stop().finally(() => process.exit(130)));
try {
  await rehearsal.start();
  const talk = conversation(rehearsal);
  const people = { requester: rehearsal.person('lukas').id, approvers: ['ingrid', 'jonas'].map((name) => rehearsal.person(name).id) };
  const rings = values.rings?.split(',') ?? ['canary', 'pilot', 'broad'];
  const from = await rehearsal.now();
  const walked: Walked[] = [];
  const walk = async (ring: string, leg: (typeof EACH_RING)[number]) => {
    const one = await walkLeg(rehearsal, talk, people, ring, leg);
    walked.push(one);
    console.log(legLine(one, values.verbose === true));
  };
  for (const leg of FIRST) await walk('all', leg);
  for (const ring of rings) for (const leg of EACH_RING) await walk(ring, leg);

  // From here on only the pretend world is asked: what the bot thinks of its own work counts for nothing.
  const estate = await rehearsal.estate();
  const truths = truthsOf(estate).filter(({ ring }) => rings.includes(ring));
  const gaps = gapsOf(truths, await rehearsal.log(), from, estate.now, LIMIT_MINUTES);
  const left = truths.filter(({ protection }) => protection !== 'defender');
  const unexplained = [...gaps.filter(({ because }) => because === null), ...left.filter(({ obstacle }) => obstacle === null)];
  console.log(`\n${truths.length - left.length} of ${truths.length} machines are protected by Defender alone.`);
  for (const truth of left) console.log(leftLine(truth));
  console.log(`\nMinutes with none or two active engines:${gaps.length === 0 ? ' none' : ''}`);
  for (const gap of gaps) console.log(gapLine(gap));
  failed = unexplained.length > 0;
  console.log(failed ? `\n${unexplained.length} of these are unexplained.` : '\nEverything is explained.');
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  await rehearsal.stop();
}
process.exit(failed ? 1 : 0);
