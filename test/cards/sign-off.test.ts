import type { SignOffPersonal, SignOffView } from '../../cards/sign-off/data.ts';
import { signOffCard, signOffSamples } from '../../cards/sign-off/data.ts';
import { MINUTE } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import { textsOf, walkCard, wordsOn } from './support/card-walk.ts';
import { frame } from './support/frames.ts';

const sample = (name: string) => signOffSamples.find((candidate) => candidate.name === name)!.view;
const pending = sample('pending, for everyone');
const personal: SignOffPersonal = {
  may: 'decide',
  because: null,
  nonce: 'f'.repeat(32),
  error: null,
  comment: '',
  typeCount: false,
  holdable: [],
  since: null,
};

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
    expect(verbs(approved)).toEqual(['sign-off.take-back', 'sign-off.hold']);
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

describe('what the policy asks', () => {
  const asked = sample('two roles, an owner and a window, for everyone');

  it('says exactly what is missing', () => {
    const missing = '1 more signature, from another role than Change manager; a signature of an owner of erp-team.';
    expect(words(asked)).toContain(missing);
    expect(signOffCard(asked, frame).text).toContain(missing);
  });

  it.each([
    [[{ kind: 'signatures', count: 2 }], 1, '2 more signatures.'],
    [[{ kind: 'signatures', count: 2 }], 2, '2 more signatures, from 2 different roles.'],
    [
      [
        { kind: 'signatures', count: 2 },
        { kind: 'roles', have: ['change manager'], need: 2 },
      ],
      2,
      '2 more signatures, among them one from another role than Change manager.',
    ],
    [
      [{ kind: 'roles', have: ['change manager', 'security'], need: 4 }],
      4,
      'a signature from 2 other roles than Change manager and Security.',
    ],
    [[{ kind: 'owner', value: 'web' }], 1, 'a signature of an owner of web.'],
  ] as const)('words %j with %i roles as “%s”', (missing, distinctRoles, expected) => {
    expect(signOffCard({ ...asked, missing, distinctRoles }, frame).summary).toContain(`: ${expected}`);
  });

  it.each(['card', 'text'] as const)(
    'shows window, work, class, ticket, what it follows and how it is checked in the end on the %s',
    (where) => {
      const shown = where === 'card' ? words(asked) : signOffCard(asked, frame).text;
      for (const expected of [
        'Sun 22 Nov 21:10 CET to Mon 23 Nov 01:10 CET (nights), about 3 h of work; 1 h of rest between rings.',
        'Changes what cannot be taken back',
        'CHG0012345',
        'Goes on from GL-0004.',
        'None, because nothing but the machine itself shows the value.',
        'None, because the product in place stays active throughout.',
        'After Mon 23 Nov 01:10 CET it does not begin any more.',
      ])
        expect(shown).toContain(expected);
    },
  );

  it('names alternates with when they are asked, and owners with whose signature is enough', () => {
    const shown = words(asked);
    expect(shown).toMatch(/Mia Sand \nInfrastructure lead, alternate\n– \nNot asked yet\n · asked Sun 22 Nov 13:10 CET/);
    expect(shown).toMatch(/Owner of erp-team \nOmar Haddad and Eva Lind\n○ \nPending/);
    const later = wordsOn(signOffCard(asked, { ...frame, now: asked.alternatesAt }).card);
    expect(later).toMatch(/Mia Sand \nInfrastructure lead, alternate\n○ \nPending/);
  });

  it('counts no vote of somebody who is no longer listed', () => {
    const shown = words(sample('an approver who is no longer listed'));
    expect(shown).toContain('Approvals: 0 of 2 needed');
    expect(shown).toContain('no longer counts');
  });

  it('asks for the number of targets in the own view of one who may approve, and never tells it in the field', () => {
    const view = sample('the number has to be typed, one held out, since the last look');
    const field = (shown: SignOffView) => walkCard(signOffCard(shown, frame).card).found.find(({ node }) => node['id'] === 'typed')?.node;
    expect(JSON.stringify(field(view))).not.toMatch(/1[12]/);
    expect(field({ ...view, personal: { ...view.personal!, may: 'take-back' } })).toBeUndefined();
    expect(field({ ...view, personal: null })).toBeUndefined();
  });

  it('shows who held what and why, and how many remain', () => {
    const view = sample('the number has to be typed, one held out, since the last look');
    for (const shown of [words(view), signOffCard(view, frame).text]) {
      expect(shown).toContain('Touches 12 targets, less 1 held out: 11 remain');
      expect(shown).toMatch(/SRV-FIN-03.*Omar Haddad.*the vendor upgrades it tonight/s);
    }
  });

  it('shows an owner no way to end the plan for everybody', () => {
    expect(verbs(sample('an owner may sign'))).toEqual(['sign-off.approve', 'sign-off.hold']);
  });

  it('shows what a standing sign-off repeats', () => {
    expect(words(sample('a standing sign-off'))).toContain('Every 6 h until Sun 6 Dec 09:10 CET; each time as a run of its own.');
  });
});

describe('a plan that only decides', () => {
  it.each(['closes a phase', 'waives a step by somebody hostile', 'accepts a migration file'])('%s touches no target', (name) => {
    expect(words(sample(name))).not.toMatch(/Touches|Exactly this is sent/);
    expect(verbs(sample(name))).toEqual(['sign-off.approve', 'sign-off.reject']);
  });

  it('shows the changes of a file, says how many more there are, and has all of them as text', () => {
    const view = sample('accepts a migration file');
    expect(words(view)).toContain('This accepts 60 changes of the migration file');
    expect(words(view)).toContain('approver 1: \nAna Diaz → Tom Weber');
    expect(words(view)).toMatch(/and \d+ more; type "text" for all of them\./);
    expect(signOffCard(view, frame).text.match(/Ana Diaz → Tom Weber/g)).toHaveLength(60);
  });
});

describe('a plan too long to name every machine', () => {
  const long = sample('three hundred targets, long parameters');

  it('sums up rings, systems and what is unusual', () => {
    const shown = words(long);
    for (const expected of [
      'By system: 290 Windows and 10 Linux.',
      'Unusual: SRV-FIN-08: changed by GL-0003.',
      '30 machines in 15 availability sets: two of one set are never changed at once.',
      'Without an owner tag: SRV-FIN-01, SRV-FIN-51, SRV-FIN-101, SRV-FIN-151, SRV-FIN-201, SRV-FIN-251.',
    ])
      expect(shown).toContain(expected);
  });

  it('has the whole list a press away while it is open, on every card, and no button once it has ended', () => {
    for (const view of [long, { ...long, personal: null }])
      expect(actions(view).at(-1)).toEqual({ verb: 'sign-off.targets', data: { id: long.hash, page: 1 } });
    expect(verbs({ ...long, state: 'expired', ended: { by: null, at: frame.now, reason: 'late' } })).toEqual([]);
  });

  it('names every machine as text, after everything that is signed', () => {
    const short = { ...long, calls: pending.calls };
    const { text } = signOffCard(short, frame);
    for (const { name } of long.targets) expect(text).toContain(name);
    expect(text.indexOf('Every machine')).toBeGreaterThan(text.indexOf(pending.calls[1]!.parameters));
  });

  it('takes the name of a machine to hold out where a list would be too long', () => {
    const held = walkCard(signOffCard(long, frame).card).found.filter(({ node }) => node['id'] === 'hold');
    expect(held.map(({ type }) => type)).toEqual(['Input.Text']);
  });
});
