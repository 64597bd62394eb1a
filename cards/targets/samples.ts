import type { Sample } from '../samples.ts';
import { hostileName, hostileNames } from '../samples.ts';
import type { TargetsView } from './view.ts';

const first: TargetsView = {
  id: 'GL-0007',
  hash: '9f2c41aa0d3b5e7788c1d2e3f4a5b6c7d8e9f00112233445566778899aabbe41',
  title: 'Set passive mode on ring-1',
  page: 1,
  pages: 3,
  total: 61,
  rows: Array.from({ length: 25 }, (_, index) => ({
    name: `SRV-FIN-${String(index + 1).padStart(2, '0')}`,
    ring: 'ring-1',
    where: 'rg-finance',
    found: 'ForceDefenderPassiveMode is absent; the third-party product is active',
    held: index === 2 ? 'Omar Haddad: the vendor upgrades it tonight' : null,
  })),
};

export const targetsSamples: readonly Sample<TargetsView>[] = [
  { name: 'the first of three pages', view: first },
  { name: 'the last page', view: { ...first, page: 3, rows: first.rows.slice(0, 11) } },
  {
    name: 'the longest names there can be',
    view: {
      ...first,
      page: 2,
      rows: first.rows.map((row) => ({ ...row, name: 'ü'.repeat(200), where: 'ü'.repeat(200), found: 'ü'.repeat(400) })),
    },
  },
  {
    name: 'hostile names',
    view: { ...first, title: hostileName, rows: hostileNames.map((bad) => ({ name: bad, ring: bad, where: bad, found: bad, held: bad })) },
  },
];
