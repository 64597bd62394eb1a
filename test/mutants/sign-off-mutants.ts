import type { Mutant } from './mutant.ts';

/** Who may decide, and when. */
export const signOffMutants: readonly Mutant[] = [
  {
    name: 'self vote counts',
    file: 'core/sign-off.ts',
    from: "if (samePerson(person, signOff.requestedBy)) {\n    return refused('requester'",
    to: "if (false) {\n    return refused('requester'",
    suite: 'test/core/histories',
  },
  {
    name: 'live approvers ignored at begin',
    file: 'core/sign-off.ts',
    from: 'return signOff.votes.filter(({ person }) => live.approvers.some((approver) => samePerson(approver, person)));',
    to: 'return signOff.votes;',
    suite: 'test/core/histories',
  },
  {
    name: 'one person votes twice',
    file: 'core/sign-off.ts',
    from: "if (hasVoted(signOff, by) && (signOff.state === 'pending' || signOff.state === 'approved')) return ok(signOff);",
    to: '',
    suite: 'test/core/histories',
  },
  {
    name: 'names compared without tenant',
    file: 'core/person.ts',
    from: 'return a.objectId === b.objectId && a.tenantId === b.tenantId;',
    to: 'return a.objectId === b.objectId;',
    suite: 'test/core/histories',
  },
  {
    name: 'take-back keeps the revision (stale nonce stays good)',
    file: 'core/sign-off.ts',
    from: "state: 'pending', startsAt: null, revision: signOff.revision + 1 }",
    to: "state: 'pending', startsAt: null }",
    suite: 'test/core/histories',
  },
  {
    name: 'grace skipped',
    file: 'core/sign-off.ts',
    from: "if (signOff.startsAt === null || at < signOff.startsAt) return refused('grace'",
    to: "if (false) return refused('grace'",
    suite: 'test/core/histories',
  },
  {
    name: 'votes after expiry',
    file: 'core/sign-off.ts',
    from: 'return now >= signOff.expiresAt ? refused(',
    to: 'return false ? refused(',
    suite: 'test/core/histories',
  },
  {
    name: 'reject does not end the plan',
    file: 'core/sign-off.ts',
    from: "return ok(end(signOff, 'rejected', by, at, reason.trim()));",
    to: "return ok({ ...signOff, votes: [], state: 'pending', startsAt: null, revision: signOff.revision + 1 });",
    suite: 'test/core/histories',
  },
  {
    name: 'withdraw after begin',
    file: 'core/sign-off.ts',
    from: "if (signOff.state === 'withdrawn') return ok(signOff);\n    if (signOff.begun) return refused('begun', 'The run has already begun.', 'Press Stop on the run card to stop it.');\n    if (signOff.state !== 'pending' && signOff.state !== 'approved') return closedBecause(signOff);\n    return ok(end(signOff, 'withdrawn', by, at, 'withdrawn by the requester'));",
    to: "if (signOff.state === 'withdrawn') return ok(signOff);\n    if (signOff.state !== 'pending' && signOff.state !== 'approved') return closedBecause(signOff);\n    return ok(end(signOff, 'withdrawn', by, at, 'withdrawn by the requester'));",
    suite: 'test/core/histories',
  },
  {
    name: 'never expires',
    file: 'core/sign-off.ts',
    from: 'if (!open || at < lastStart(signOff)) return ok(signOff);',
    to: 'return ok(signOff);',
    suite: 'test/core/histories',
  },
];
