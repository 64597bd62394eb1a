import { verbs } from '../../bot/verbs.ts';
import { cardVerbs } from '../../cards/verbs.ts';

describe('the table of buttons', () => {
  it('has a row for every button a card can show, and no other', () => {
    expect(Object.keys(verbs).toSorted()).toEqual([...cardVerbs].toSorted());
  });
});
