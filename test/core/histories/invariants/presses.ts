import { personId } from '../../../../core/person.ts';
import type { Commit } from '../memory.ts';
import type { World } from '../world.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

/** Which view a vote was cast from; it is the only one that its transaction used. */
function usedBy(commit: Commit) {
  return commit.consumed.at(-1);
}

function wrongPress(world: World, commit: Commit): string | null {
  const vote = commit.entries.find(({ kind }) => kind === 'vote');
  if (!vote) return null;
  const used = usedBy(commit);
  if (!used) return `a vote of ${vote.actor?.name} used no view`;
  const before = commit.signOffs[0]?.before;
  const shown = world.issued.find(({ nonce, person, planHash }) => {
    return nonce === used.nonce && person === personId(used.person) && person === vote.actor?.id && planHash === vote.subject;
  });
  if (!shown || shown.revision !== used.revision) return `${vote.actor?.name} votes from a view never shown to them`;
  if (shown.revision !== before?.revision)
    return `${vote.actor?.name} votes on revision ${shown.revision}, the plan is at ${before?.revision}`;
  const uses = world.commits.filter((other) => usedBy(other)?.nonce === used.nonce && other.entries.some(({ kind }) => kind === 'vote'));
  return uses.length > 1 ? `one view of ${vote.actor?.name} served ${uses.length} votes` : null;
}

/** A view that was open before its person took their vote back must not serve the next one. */
function staleAfterTakeBack(world: World, commit: Commit): string | null {
  const vote = commit.entries.find(({ kind, data }) => kind === 'vote' && data['decision'] === 'approve');
  if (!vote) return null;
  const isTakeBack = (other: Commit) =>
    other.entries.some(({ kind, data, actor, subject, seq }) => {
      return (
        kind === 'vote' && data['decision'] === 'take-back' && actor?.id === vote.actor?.id && subject === vote.subject && seq < vote.seq
      );
    });
  const tookBack = world.commits.findLastIndex(isTakeBack);
  const shown = world.commits.findIndex(({ issued }) => issued.some(({ nonce }) => nonce === usedBy(commit)?.nonce));
  return tookBack > shown ? `${vote.actor?.name} signs again from a view older than the vote they took back` : null;
}

export const presses: readonly Invariant[] = [
  {
    name: '8 a press counts once, for the person, plan and revision it was shown to',
    broken: (world, { commits }) => first(commits, (commit) => wrongPress(world, commit)),
  },
  {
    name: '8 signing again needs a fresh view',
    broken: (world, { commits }) => first(commits, (commit) => staleAfterTakeBack(world, commit)),
  },
  {
    name: '8 a vote changes one person’s vote, and none after the run began',
    broken: (_world, { commits }) =>
      first(commits, ({ signOffs, entries }) =>
        first(signOffs, ({ before, after }) => {
          const vote = entries.find(({ kind, subject }) => kind === 'vote' && subject === after.planHash);
          const [was, is] = [before?.votes ?? [], after.votes].map((votes) => votes.map(({ person }) => personId(person)));
          const changed = [...is!.filter((id) => !was!.includes(id)), ...was!.filter((id) => !is!.includes(id))];
          if (new Set(is).size !== is!.length) return 'one person counts twice';
          if (changed.some((id) => id !== vote?.actor?.id)) return 'a vote changed without its person’s word';
          if (!before?.begun) return null;
          return (vote || changed.length > 0 || after.state !== before.state) && 'a decision changed after the run began';
        }),
      ),
  },
];
