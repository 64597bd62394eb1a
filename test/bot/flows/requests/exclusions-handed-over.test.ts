import { noticeCard } from '../../../../cards/notice/data.ts';
import { createExclusionPolicy } from '../../../../playbook/actions/create-exclusion-policy.ts';
import { wantedExclusions } from '../../../../playbook/exclusions/wanted.ts';
import { products } from '../../../../playbook/products/index.ts';
import { walkCard } from '../../../cards/support/card-walk.ts';
import { frame } from '../../../cards/support/frames.ts';
import { guestFacts, machineFacts, snapshotOf } from '../../../support/facts.ts';

const everything = guestFacts({ thirdParty: products.map(({ vendor }) => ({ vendor, running: true, traces: ['service'] })) });
const fleet = snapshotOf([machineFacts(), machineFacts({ name: 'lin-01', os: 'linux' })], {
  guest: everything,
  'exclusion-policies': { policies: [], deviceGroups: [] },
});

it('fits one card for every product on both platforms, and can be copied character by character', () => {
  const { because, next, lists } = createExclusionPolicy.handsOver!(fleet)!;
  const card = noticeCard({ tone: 'info', sentence: because, next, lists, reference: null }, frame);
  const runs = new Set(walkCard(card.card).found.flatMap(({ type, node }) => (type === 'TextRun' ? [node['text']] : [])));
  const wanted = wantedExclusions(fleet);
  expect(wanted).toHaveLength(2);
  for (const { paths, processes, group, vendors } of wanted) {
    expect(vendors).toHaveLength(products.length);
    for (const line of [...paths, ...processes, group.rule]) {
      expect(runs).toContain(line);
      expect(card.text.split('\n')).toContain(line);
    }
  }
});
