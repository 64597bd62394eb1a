import type { EvidenceKind } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { MachineFacts, MachineKind, OperatingSystem } from '../../core/machine.ts';
import { phaseNumber, phaseTitles } from '../../core/phase.ts';
import type { AnyStep } from '../../core/step.ts';
import { runCommandBlock } from '../../playbook/actions/run-command.ts';
import { playbook } from '../../playbook/index.ts';
import { codesOf, stepCases } from '../playbook/steps/cases/index.ts';
import { machineFacts } from './facts.ts';

/** The columns of the table of machines: what Azure reports as the operating system. */
export const SYSTEMS: readonly { readonly os: OperatingSystem | null; readonly words: string }[] = [
  { os: 'windows-server-2012-r2', words: '2012 R2' },
  { os: 'windows-server-2016', words: '2016' },
  { os: 'windows-server-2019', words: '2019' },
  { os: 'windows-server-2022', words: '2022' },
  { os: 'windows-server-2025', words: '2025' },
  { os: 'linux', words: 'Linux' },
  { os: 'unsupported', words: 'another' },
  { os: null, words: 'not read' },
];

export const KINDS: readonly { readonly kind: MachineKind; readonly words: string }[] = [
  { kind: 'azure-vm', words: 'Azure VM' },
  { kind: 'arc', words: 'Arc' },
  { kind: 'listed', words: 'listed only' },
];

/** A machine of a kind with an operating system that nothing is the matter with. */
export function machineOf(kind: MachineKind, os: OperatingSystem | null): MachineFacts {
  const status = kind === 'arc' ? { status: 'Connected', configMode: 'full', refuses: { defender: false, runCommand: false } } : {};
  return machineFacts({ id: `/m/${kind}`, kind, os, osLabel: os ?? '', ...status });
}

/** What stands in a cell. */
export const CELLS = {
  no: '–',
  yes: 'yes',
  word: 'by word',
  waiver: 'by waiver',
  unsupported: 'not ready',
  unknown: 'unknown',
} as const;

/** The page that publishes the steps: docs/steps.md. */
export function stepsPage(): string {
  return [
    '# The steps',
    '',
    'What the checklist asks for, in the order of the migration guide. This page is made from the playbook (`npm run steps`), and a test judges every',
    'cell of it.',
    '',
    ...playbook.flatMap(({ phase, steps }) => [
      `## Phase ${phaseNumber(phase)}: ${phaseTitles[phase]}`,
      '',
      ...table(
        ['step', 'of', 'rests on', 'looks beside at', 'owner', 'asked for by', 'vouched for', 'holds through'],
        steps.map((row) => [
          `[${row.id}](${row.link})`,
          row.subject,
          row.needs.map((kind) => kindWords(row, kind)).join(', ') || '–',
          beside(row),
          row.owner,
          row.action ?? '–',
          row.attestable ? `${row.attestable.holdsDays} days` : '–',
          row.holdsThrough ? phaseTitles[row.holdsThrough] : 'the end',
        ]),
      ),
      '',
      ...(steps.some(({ subject }) => subject === 'machine') ? ['Where it applies:', '', ...whereTable(steps), ''] : []),
      'What it can say:',
      '',
      ...table(
        ['step', 'not ready', 'unknown'],
        steps.map(({ id }) => {
          const codes = codesOf(stepCases[id]!);
          return [id, codes['not-ready'].join(', ') || '–', codes.unknown.join(', ') || '–'];
        }),
      ),
      '',
      ...steps.flatMap(({ id, attestable }) => (attestable ? [`- \`attest ${id}\`: “${attestable.statement}”`] : [])),
      '',
    ]),
    '## How to read it',
    '',
    '- **yes**: it applies, and evidence decides. **–**: it is for other machines.',
    '- **by word**: evidence cannot get there (Azure has no Run Command for Windows Server 2012 R2 virtual machines), so that it stays unknown until somebody',
    '  vouches for it. **by waiver**: the same, and only a signed waiver helps, because nobody’s word is enough.',
    '- **not ready**: an operating system outside the list is never passed over. **unknown**: the same for one that nobody reports, and for a server that is',
    '  on the server list and not in Azure, where its operating system does not rule the step out.',
    '- **rests on**: evidence without which nothing is said, with the age after which it is too old. **looks beside at**: evidence that can contradict or',
    '  add to it; where it is missing the step still speaks.',
    '- **holds through**: once that phase is closed for every ring concerned, a later phase may undo the step, and it is behind.',
    '- Every step is also unknown as `unread` or `stale`, and not ready as `unsupported`.',
    '',
  ].join('\n');
}

function whereTable(steps: readonly AnyStep[]): string[] {
  const rows = steps
    .filter(({ subject }) => subject === 'machine')
    .flatMap((row) => KINDS.map(({ kind, words }) => [row.id, words, ...SYSTEMS.map(({ os }) => cell(row, kind, os))]));
  return table(['step', 'kind', ...SYSTEMS.map(({ words }) => words)], rows);
}

/** By what the step declares; the test judges a machine instead. */
function cell(row: AnyStep, kind: MachineKind, os: OperatingSystem | null): string {
  const { kinds, os: systems } = row.appliesTo ?? {};
  const known = os !== null && os !== 'unsupported';
  if (kind === 'listed') {
    if (kinds?.includes('listed')) return CELLS.yes;
    if (os === 'unsupported') return CELLS.unsupported;
    return known && systems && !systems.includes(os) ? CELLS.no : CELLS.unknown;
  }
  if (kinds && !kinds.includes(kind)) return CELLS.no;
  if (os === null) return CELLS.unknown;
  if (os === 'unsupported') return CELLS.unsupported;
  if (systems && !systems.includes(os)) return CELLS.no;
  if (!row.needs.includes('guest') || runCommandBlock(machineOf(kind, os)) === null) return CELLS.yes;
  return row.attestable ? CELLS.word : CELLS.waiver;
}

function kindWords(row: AnyStep, kind: EvidenceKind): string {
  const age = Math.min(evidenceKinds[kind].maxAge, row.within?.[kind] ?? Number.POSITIVE_INFINITY);
  return `${evidenceKinds[kind].words} (${ageWords(age)})`;
}

function ageWords(ms: number): string {
  if (ms >= DAY && ms % DAY === 0) return `${ms / DAY} d`;
  return ms >= HOUR ? `${ms / HOUR} h` : `${ms / MINUTE} min`;
}

function beside({ uses = [], around = [] }: AnyStep): string {
  const words = [
    ...uses.map((kind) => evidenceKinds[kind].words),
    ...around.map((kind) => `${evidenceKinds[kind].words} (of machines around it)`),
  ];
  return words.join(', ') || '–';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
