import { readFileSync } from 'node:fs';
import { evidenceKinds } from '../../../core/evidence.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { judge } from '../../../core/step.ts';
import { runCommandBlock } from '../../../playbook/actions/run-command.ts';
import { stepById, steps } from '../../../playbook/index.ts';
import { NOW, snapshotOf } from '../../support/facts.ts';
import { CELLS, KINDS, machineOf, SYSTEMS, stepsPage } from '../../support/steps-page.ts';
import { codesOf, stepCases } from './cases/index.ts';

const page = readFileSync(new URL('../../../docs/steps.md', import.meta.url), 'utf8');
const rows = page.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.slice(2, -2).split(' | ')] : []));
const kindNames = new Map(KINDS.map(({ words, kind }) => [words, kind]));

/** Each cell of the table of machines: step, kind, operating system, and what is published. */
const cells = rows.flatMap(([id = '', kindName = '', ...published]) => {
  const kind = kindNames.get(kindName);
  return kind ? SYSTEMS.map(({ os, words }, index) => ({ id, kind, os, words, published: published[index] ?? '' })) : [];
});

describe('the published table', () => {
  it('is what the playbook says today: npm run steps writes it anew', () => {
    expect(page).toBe(stepsPage());
  });

  it('has a row for every machine step and every kind of machine', () => {
    const machineSteps = steps.filter(({ subject }) => subject === 'machine');
    expect(cells).toHaveLength(machineSteps.length * KINDS.length * SYSTEMS.length);
  });

  it.each(cells)('is true of $id on $kind with $words: $published', ({ id, kind, os, published }) => {
    const row = stepById(id)!;
    const machine = machineOf(kind, os);
    const snapshot: Snapshot = snapshotOf([machine]);
    const { verdict, code } = judge(row, snapshot.machines[0]!, snapshot, NOW);
    const scope = { 'not-applicable': CELLS.no, unsupported: CELLS.unsupported, 'os-unread': CELLS.unknown, 'not-shown': CELLS.unknown };
    const outside = scope[(verdict === 'not-applicable' ? verdict : code) as keyof typeof scope];
    if (outside !== undefined) {
      expect(published).toBe(outside);
      return;
    }
    const blocked = row.needs.includes('guest') && runCommandBlock(machine) !== null;
    expect(published).toBe(blocked ? (row.attestable ? CELLS.word : CELLS.waiver) : CELLS.yes);
    if (blocked) expect({ verdict, code }).toEqual({ verdict: 'unknown', code: 'unread' });
  });

  it('never passes over an operating system outside the list, or one that nobody reports, where the kind of machine is right', () => {
    for (const { kind, os, published, id } of cells) {
      if ((os !== null && os !== 'unsupported') || published === CELLS.yes) continue;
      const { kinds } = stepById(id)!.appliesTo ?? {};
      if (kinds && !kinds.includes(kind)) expect(published).toBe(CELLS.no);
      else expect(published).toBe(os === null ? CELLS.unknown : CELLS.unsupported);
    }
  });

  it.each(steps.map((row) => [row.id, row] as const))('tells the evidence, the owner, the word and the action of %s', (id, row) => {
    const [, subject, needs, , owner, action, vouched] = rows.find(([first]) => first?.startsWith(`[${id}]`)) ?? [];
    expect({ subject, owner, action }).toEqual({ subject: row.subject, owner: row.owner, action: row.action ?? '–' });
    for (const kind of row.needs) expect(needs).toContain(evidenceKinds[kind].words);
    expect(vouched).toBe(row.attestable ? `${row.attestable.holdsDays} days` : '–');
  });

  it.each(Object.keys(stepCases))('tells every code of %s', (id) => {
    const [, bad = '', unknown = ''] = rows.find(([first, second]) => first === id && !kindNames.has(second ?? '')) ?? [];
    const list = (cell: string) => (cell === '–' ? [] : cell.split(', '));
    expect({ 'not-ready': list(bad), unknown: list(unknown) }).toEqual(codesOf(stepCases[id]!));
  });

  it('tells what somebody puts their name to', () => {
    for (const { id, attestable } of steps) if (attestable) expect(page).toContain(`- \`attest ${id}\`: “${attestable.statement}”`);
  });
});
