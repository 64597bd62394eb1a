import { isDue, wayFor } from '../../../../bot/flows/collecting/freshness.ts';
import { unread } from '../../../../core/evidence.ts';
import { MINUTE, SECOND } from '../../../../core/instant.ts';
import type { CollectionStatus } from '../../../../core/ports.ts';
import { NOW } from '../../../support/facts.ts';

const ended = (ago: number, over: Partial<CollectionStatus> = {}): CollectionStatus => ({
  kind: 'machine',
  beganAt: NOW - ago,
  endedAt: NOW - ago,
  tookMs: 500,
  held: false,
  readAt: NOW - ago,
  failure: null,
  ...over,
});
const slow = { tookMs: 40 * SECOND };
const failed = { failure: unread('no answer', 'Wait.', 'test', NOW - 5 * MINUTE) };

describe('a question', () => {
  it.each<[string, CollectionStatus | undefined, number, string]>([
    ['begins the first reading there ever was, or joins it', undefined, 0, 'shared'],
    ['joins one that has not come to an end yet', ended(0, { endedAt: null }), 0, 'shared'],
    ['reads anew what is read quickly', ended(SECOND), 0, 'anew'],
    ['leaves to its schedule what takes long', ended(29 * MINUTE, slow), 0, 'known'],
    ['steps in when the schedule has fallen behind', ended(30 * MINUTE, slow), 0, 'shared'],
    ['does not try again at once what took long and failed', ended(59 * SECOND, { ...slow, ...failed }), 0, 'known'],
    ['tries again after a minute', ended(MINUTE, { ...slow, ...failed }), 0, 'shared'],
    ['reads anew what is from before the migration file in force', ended(5 * MINUTE, slow), NOW - MINUTE, 'anew'],
  ])('%s', (_words, status, changedAt, way) => {
    expect(wayFor('machine', status, NOW, changedAt)).toBe(way);
  });
});

describe('a kind', () => {
  it.each<[string, CollectionStatus | undefined, number, boolean]>([
    ['was never read', undefined, 0, true],
    ['was read less than its cadence ago', ended(15 * MINUTE - 1), 0, false],
    ['was read its cadence ago', ended(15 * MINUTE), 0, true],
    ['took longer than its cadence and has just ended', ended(MINUTE, { beganAt: NOW - 20 * MINUTE }), 0, false],
    ['is being read', ended(60 * MINUTE, { held: true }), 0, false],
    ['was begun to be read by somebody who died', ended(MINUTE, { endedAt: NOW - 20 * MINUTE }), 0, true],
    ['was begun for the first time by somebody who died', ended(MINUTE, { endedAt: null }), 0, true],
    ['was read before the migration file in force', ended(MINUTE), NOW - SECOND, true],
  ])('that %s is due or not', (_words, status, changedAt, due) => {
    expect(isDue('machine', status, NOW, changedAt)).toBe(due);
  });

  it('has a cadence of its own', () => {
    expect([isDue('security-settings', ended(10 * MINUTE), NOW, 0), isDue('updates', ended(59 * MINUTE), NOW, 0)]).toEqual([true, false]);
  });
});
