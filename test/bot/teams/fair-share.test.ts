import { createFairShare } from '../../../bot/teams/fair-share.ts';

it('gives each person so much at once, and says so only once until they are free again', () => {
  const share = createFairShare(2);
  const [first, second] = [share.take('ann'), share.take('ann')];
  expect([share.take('ann'), share.take('ann')]).toEqual(['full', 'still-full']);
  expect(share.take('bo')).toEqual(expect.any(Function));
  end(first);
  end(first); // ending twice frees one place
  expect(share.take('ann')).toEqual(expect.any(Function));
  expect(share.take('ann')).toBe('still-full');
  end(second);
});

it('begins anew with somebody who has nothing left to wait for', () => {
  const share = createFairShare(1);
  const only = share.take('ann');
  expect(share.take('ann')).toBe('full');
  end(only);
  end(share.take('ann'));
  share.take('ann');
  expect(share.take('ann')).toBe('full');
});

function end(taken: ReturnType<ReturnType<typeof createFairShare>['take']>): void {
  if (typeof taken === 'function') taken();
}
