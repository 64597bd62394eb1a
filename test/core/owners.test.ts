import type { Owners } from '../../core/migration.ts';
import { ownersOf, ownerValueOf } from '../../core/owners.ts';

const ada = { objectId: 'a', tenantId: 't', name: 'Ada' };
const owners: Owners = { tag: 'Owner', people: { 'ERP-Team': [ada], nobody: [] } };

describe('the owners of a machine', () => {
  it('are found whatever the case of tag and value, by the spelling of the file', () => {
    expect(ownersOf(owners, { OWNER: 'erp-team' })).toEqual({ value: 'ERP-Team', people: [ada] });
    expect(ownerValueOf(owners, { oWNER: 'erp-team' })).toBe('erp-team');
  });

  it.each<[string, Record<string, string>, string | null]>([
    ['a value nobody is listed for', { owner: 'web-team' }, 'web-team'],
    ['a value with nobody in its list', { owner: 'nobody' }, 'nobody'],
    ['a value that objects have by themselves', { owner: 'constructor' }, 'constructor'],
    ['a blank value', { owner: ' ' }, null],
    ['no such tag', { team: 'erp-team' }, null],
    ['a tag that only begins the same', { ownership: 'erp-team' }, null],
  ])('are not resolved for %s', (_, tags, value) => {
    expect(ownersOf(owners, tags)).toEqual({ unresolved: value });
    expect(ownerValueOf(owners, tags)).toBe(value);
  });

  it('are not resolved when the file names none', () => {
    expect(ownersOf(null, { owner: 'erp-team' })).toEqual({ unresolved: null });
  });
});
