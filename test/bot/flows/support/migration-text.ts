import { person, SUBSCRIPTION, TENANT } from '../../../support/facts.ts';

/** What a version of the file says; the rest is the same in all of them. */
export interface Says {
  readonly name?: string;
  readonly comment?: string;
  readonly quorum?: number;
  readonly approvers?: readonly number[];
  readonly alternates?: readonly number[];
  readonly digestTime?: string;
  readonly channelId?: string;
  readonly freeze?: { readonly from: string; readonly until: string };
  readonly extra?: string;
}

/** The text of a migration file. People are known by a digit, as in `person(1)`. */
export function migrationText(says: Says = {}): string {
  const { approvers = [1, 2, 3], alternates = [], freeze } = says;
  const listed = (digits: readonly number[], indent: string) =>
    digits.map((digit) => `${indent}- { id: ${person(digit).objectId}, name: ${person(digit).name}, role: role ${digit} }`).join('\n');
  return [
    `# ${says.comment ?? 'a migration'}`,
    'id: sample',
    `name: ${says.name ?? 'Sample'}`,
    'timeZone: Europe/Copenhagen',
    'channel:',
    `  tenantId: ${TENANT}`,
    '  teamId: "19:team@thread.tacv2"',
    `  channelId: "${says.channelId ?? '19:channel@thread.tacv2'}"`,
    'subscriptions:',
    `  - { id: ${SUBSCRIPTION}, name: corp-prod }`,
    'rings:',
    '  - { name: canary, tag: "ring=canary" }',
    'approvers:',
    listed(approvers, '  '),
    ...(alternates.length === 0 ? [] : ['people:', '  alternates:', '    afterHours: 4', '    people:', listed(alternates, '      ')]),
    `quorum: ${says.quorum ?? 2}`,
    ...(freeze ? [`freezes: [{ from: ${freeze.from}, until: ${freeze.until}, reason: year-end }]`] : []),
    `digest: { days: [mon], time: "${says.digestTime ?? '08:00'}", mention: none }`,
    says.extra ?? '',
  ].join('\n');
}
