import type { SignOffPersonal, SignOffView } from '../../cards/sign-off/data.ts';
import { signOffCard, signOffSamples } from '../../cards/sign-off/data.ts';
import { MINUTE } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import { textsOf, walkCard, wordsOn } from './support/card-walk.ts';
import { frame } from './support/frames.ts';

const sample = (name: string) => signOffSamples.find((candidate) => candidate.name === name)!.view;
const pending = sample('pending, for everyone');
const personal: SignOffPersonal = { may: 'decide', because: null, nonce: 'f'.repeat(32), error: null, comment: '' };

function actions(view: SignOffView, now = frame.now): { verb: unknown; data: JsonObject }[] {
  const { found } = walkCard(signOffCard(view, { ...frame, now }).card);
  return found.flatMap(({ type, node }) => (type === 'Action.Execute' ? [{ verb: node['verb'], data: node['data'] as JsonObject }] : []));
}
const verbs = (view: SignOffView, now = frame.now) => actions(view, now).map(({ verb }) => verb);
const words = (view: SignOffView) => wordsOn(signOffCard(view, frame).card);

describe('what everyone sees', () => {
  it('has no button but the one to the own view, and nothing in it that only one person may know', () => {
    expect(actions(pending)).toEqual([{ verb: 'sign-off.view', data: { id: pending.hash } }]);
    expect(walkCard(signOffCard(pending, frame).card).found.filter(({ type }) => type.startsWith('Input.'))).toEqual([]);
  });

  it('names every target, every call word for word, every script and every approver', () => {
    const shown = words(pending);
    for (const { name } of pending.targets) expect(shown).toContain(name);
    for (const { method, path, parameters } of pending.calls)
      for (const exact of [method, path, parameters]) expect(shown).toContain(exact);
    for (const { id } of pending.scripts) expect(shown).toContain(id);
    for (const { name, role } of pending.approvers) expect(shown).toContain(`${name} \n${role}`);
    for (const { name, because } of pending.leftOut) expect([shown.includes(name), shown.includes(because)]).toEqual([true, true]);
  });

  it('shortens the hash; text twin and own view have all of it', () => {
    expect(words(pending).split('\n')).toContain('9f2c41aa…9aabbe41');
    expect(textsOf(signOffCard({ ...pending, personal }, frame).card).map(({ text }) => text)).toContain(pending.hash);
    expect(signOffCard(pending, frame).text).toContain(`sha256 ${pending.hash}`);
  });
});

describe('the own view', () => {
  it.each([
    ['decide', ['sign-off.approve', 'sign-off.reject']],
    ['take-back', ['sign-off.take-back']],
    ['withdraw', ['sign-off.withdraw']],
    ['look', []],
  ] as const)('of one who may %s has exactly those buttons', (may, expected) => {
    expect(verbs({ ...pending, personal: { ...personal, may } })).toEqual(expected);
  });

  it('binds every button to plan, revision and nonce', () => {
    for (const { data } of actions({ ...pending, personal }))
      expect(data).toEqual({ id: pending.hash, revision: 3, nonce: personal.nonce });
  });

  it('has no buttons without a nonce', () => {
    expect(verbs({ ...pending, personal: { ...personal, nonce: null } })).toEqual([]);
  });

  it('keeps the comment and says what was wrong', () => {
    const view = { ...pending, personal: { ...personal, error: 'A rejection needs a reason.', comment: 'because of payroll' } };
    const { card, text } = signOffCard(view, frame);
    expect(walkCard(card).found.find(({ type }) => type === 'Input.Text')?.node).toMatchObject({
      id: 'comment',
      value: 'because of payroll',
    });
    expect(words(view)).toContain('A rejection needs a reason.');
    expect(text).toContain('A rejection needs a reason.');
  });

  it('says why there is nothing to press', () => {
    const because = 'You are not one of the approvers named for this plan.';
    const view = { ...pending, personal: { ...personal, may: 'look' as const, because } };
    expect(words(view)).toContain(because);
    expect(signOffCard(view, frame).text).toContain(because);
  });
});

describe('what has ended', () => {
  it.each(['rejected', 'expired', 'superseded', 'withdrawn'] as const)(
    '%s keeps the content and loses every button, whoever looks',
    (state) => {
      const ended = { by: 'Tom Weber', at: frame.now, reason: 'payroll' };
      for (const may of ['decide', 'take-back', 'withdraw', 'look'] as const) {
        expect(verbs({ ...pending, state, ended, personal: { ...personal, may } })).toEqual([]);
      }
      const view = { ...pending, state, ended };
      expect(verbs(view)).toEqual([]);
      expect(words(view).toLowerCase()).toMatch(/nothing( of this plan)? will run/);
      for (const { path } of pending.calls) expect(words(view)).toContain(path);
    },
  );

  it('is also over when the time to sign has passed', () => {
    expect(verbs({ ...pending, personal }, pending.expiresAt)).toEqual([]);
    expect(verbs({ ...pending, personal }, pending.expiresAt - 1)).toHaveLength(2);
  });

  it('lets an approved plan be taken back until its start and not after', () => {
    const approved = { ...sample('approved, may take back'), startsAt: frame.now + MINUTE };
    expect(verbs(approved)).toEqual(['sign-off.take-back']);
    expect(verbs(approved, approved.startsAt)).toEqual([]);
    expect(verbs({ ...approved, personal: null }, approved.startsAt)).toEqual([]);
  });

  it('says that earlier approvals no longer count', () => {
    expect(words(sample('superseded'))).toContain('no longer counts');
    expect(words(sample('superseded'))).toContain('Replaced by GL-0009');
  });
});

describe('many targets', () => {
  it('names sixty, and counts more than sixty by ring', () => {
    const sixty = words(sample('sixty targets'));
    for (const { name } of sample('sixty targets').targets) expect(sixty).toContain(name);
    const many = words(sample('three hundred targets, long parameters'));
    expect(many).toContain('canary: 2 targets');
    expect(many).toContain('ring-1: 298 targets');
    expect(many).toContain('Touches 300 targets');
  });

  it('says so when a call is too long to show whole', () => {
    expect(words(sample('three hundred targets, long parameters'))).toContain('cut here; type "text" for all of it.');
    expect(words(sample('three hundred targets, long parameters'))).toContain('and 2 more calls');
  });
});
