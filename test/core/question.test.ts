import type { Arguments } from '../../core/question.ts';
import { namesFrom, understand } from '../../core/question.ts';
import { steps } from '../../playbook/index.ts';
import { phrases, questions } from '../../playbook/questions/index.ts';

const vocabulary = {
  phrases,
  rings: ['canary', 'pilot', 'broad', 'unassigned'],
  subscriptions: namesFrom(['corp-prod', 'corp-nonprod']),
  resourceGroups: namesFrom(['rg-hr']),
  machines: namesFrom(['srv-sql-07']),
};
const ask = (text: string) => understand(text, questions, vocabulary);

describe('the steps', () => {
  it.each(steps.map(({ id }) => id))('are known by their ids: %s', (step) => {
    expect(ask(step)).toEqual({ intent: 'step.status', args: { step } });
  });

  it.each([
    ['is wsus fine', 'wsus-serves-defender'],
    ['which servers lack the monthly rollup', 'rollup-current'],
    ['is the defender feature installed?', 'defender-feature-installed'],
    ['who has a reboot pending', 'reboot-not-pending'],
    ['are updates current?', 'updates-current'],
    ['is everything in the security portal', 'in-security-portal'],
    ['which servers need a reboot?', 'reboot-not-pending'],
    ['is the old AV gone everywhere?', 'third-party-removed'],
    ['old product leaves defender alone', 'third-party-excludes-defender'],
  ])('are known by what people call them: %s', (text, step) => {
    expect(ask(text)).toMatchObject({ intent: 'step.status', args: { step } });
  });
});

describe('understanding', () => {
  const examples = questions.flatMap(({ intent, examples: rows }) =>
    rows.map(({ text, args }) => [text, intent, args] as [string, string, Arguments]),
  );

  it.each(examples)('reads “%s” as %s', (text, intent, args) => {
    expect(ask(text)).toEqual({ intent, args });
  });

  it.each([
    'what would happen if we set passive mode on ring canary',
    "don't set passive mode on ring canary",
    'did somebody set passive mode on canary?',
    'she wrote “set passive mode on ring canary”',
    'never turn off endpoint protection',
    'clear out passive mode on ring canary',
    'clear set passive mode on ring canary',
    'who can clear passive mode',
    'is passive mode cleared on ring canary',
    'passive mode cleared on ring canary?',
    'dont clear passive mode on srv-sql-07',
    'do not make defender active on srv-sql-07',
    'undo clear passive mode on ring canary',
    'is defender active on srv-sql-07',
    'unset passive mode on ring canary',
    'undo set passive mode on ring canary',
    'disable passive mode on ring canary',
    'cancel passive mode on ring canary',
    'revert passive mode on ring canary',
    'set passive mode on everything except ring canary',
    'who can turn off endpoint protection',
  ])('never takes “%s” for a request', (text) => {
    expect(ask(text).intent).not.toBe('action.request');
  });

  it.each([
    ['clear passive mode on ring canary', { ring: 'canary' }],
    ['please clear the passive mode on srv-sql-07', { machine: 'srv-sql-07' }],
    ['claer passive mode for subscription corp-prod', { subscription: 'corp-prod' }],
    ['clear-passive-mode in rg-hr', { resourceGroup: 'rg-hr' }],
    ['make defender active on srv-sql-07', { machine: 'srv-sql-07' }],
    ['activate defender on ring pilot', { ring: 'pilot' }],
  ])('takes “%s” for a request to clear passive mode, and never to set it', (text, args) => {
    expect(ask(text)).toEqual({ intent: 'action.request', args: { action: 'clear-passive-mode', ...args } });
  });

  it.each([
    'stop pinging me',
    'please stop pinging me',
    'when does it stop',
    "don't stop",
    'why did it stop',
    'does defender stop srv-sql-07?',
    'did srv-sql-07 stop',
    'what happened to srv-sql-07 when it came to a stop',
  ])('never takes “%s” for a stop', (text) => {
    expect(ask(text).intent).not.toBe('run.stop');
  });

  it.each([
    'STOP srv-sql-07',
    'STOP! srv-sql-07 does not answer',
    'stop,srv-sql-07 has no antivirus',
    'Stop. Why is srv-sql-07 unprotected?',
    'stop - how is srv-sql-07',
    'Halt! Two engines on srv-sql-07',
    'please stop, passive mode was never set on srv-sql-07',
    'now please STOP: srv-sql-07 is red',
    '@Greenlight stop, srv-sql-07 has no antivirus',
    'ok, stop! ping me when srv-sql-07 is back',
    'abort! I did not approve phase 1',
  ])('stops at “%s”, whatever the reason that follows', (text) => {
    expect(ask(text)).toEqual({ intent: 'run.stop', args: {} });
  });

  it.each([
    ['show me passive mode for ring pilot', 'step.status', { step: 'passive-mode-set', ring: 'pilot' }],
    ['how far are we?', 'phase.status', {}],
    ['which machine is not ready?', 'phase.status', {}],
    ['phase 4', 'unclear', {}],
    ['what is waiting for signature?', 'signoff.list', {}],
    ['what needs to be signed?', 'signoff.list', {}],
    ['what can you tell me about srv-sql-07', 'readiness.machine', { machine: 'srv-sql-07' }],
    ['any server with two AVs?', 'safety.gap', { condition: 'both-active' }],
    ['give me a server without antivirus', 'safety.gap', { condition: 'none-active' }],
  ])('reads “%s” as people mean it', (text, intent, args) => {
    expect(ask(text)).toEqual({ intent, args });
  });

  it.each(['reload', 're-read everything', 'refresh the checklist', 'can you read phase 2 again?', 'get me fresh data', 'look again'])(
    'reads “%s” as reading everything again',
    (text) => {
      expect(ask(text)).toEqual({ intent: 'evidence.refresh', args: {} });
    },
  );

  it.each([
    ['when did you refresh', 'evidence.refresh'],
    ['refresh srv-sql-07', 'evidence.refresh'],
    ["don't refresh anything", 'evidence.refresh'],
    ['refresh the definitions', 'evidence.refresh'],
    ['set passive mode on ring canary again', 'evidence.refresh'],
    ['refresh', 'action.request'],
  ])('never takes “%s” for %s', (text, intent) => {
    expect(ask(text).intent).not.toBe(intent);
  });

  it('stops the one run that is named', () => {
    expect(ask('STOP GL-0007, srv-sql-07 has no antivirus')).toEqual({ intent: 'run.stop', args: { run: 'GL-0007' } });
  });

  it.each([
    ['can I resume GL-0007?', 'run.resume'],
    ['do not resume GL-0007', 'run.resume'],
    ['who can undo GL-0007', 'run.undo'],
    ["don't undo GL-0007", 'run.undo'],
    ['undo set passive mode on ring canary', 'run.undo'],
    ['set passive mode on the rest of ring canary', 'run.resume'],
  ])('never takes “%s” for %s', (text, intent) => {
    expect(ask(text).intent).not.toBe(intent);
  });

  it.each([
    'who held srv-sql-07',
    'why was srv-sql-07 held',
    "don't hold srv-sql-07",
    'should we hold srv-sql-07?',
    'when do we hold srv-sql-07',
  ])('never takes “%s” for a hold', (text) => {
    expect(ask(text).intent).not.toBe('machine.hold');
  });

  it.each([
    'who attested third-party-excludes-defender',
    'did somebody attest third-party-excludes-defender?',
    "I can't confirm the exclusions are in crowdstrike",
    'I do not confirm the exclusions for ring canary',
    'take back my attestation of third-party-excludes-defender',
    'she said “attest third-party-excludes-defender”',
    'confirm',
    'confirmed',
  ])('never takes “%s” for a word that vouches', (text) => {
    expect(ask(text).intent).not.toBe('step.attest');
  });

  it.each([
    'who took back the attestation of third-party-excludes-defender',
    "don't revoke the attestation of third-party-excludes-defender",
  ])('never takes “%s” for one that takes it back', (text) => {
    expect(ask(text).intent).not.toBe('step.take-back');
  });

  it('takes nothing in the reason of a hold for a request', () => {
    const reason = 'we set passive mode on ring canary and stop everything';
    expect(ask(`hold srv-sql-07 because ${reason}`)).toEqual({ intent: 'machine.hold', args: { machine: 'srv-sql-07', reason } });
  });

  it.each([
    ['STOP, the servers have no antivirus', 'run.stop'],
    ['hold it, it is unprotected', 'machine.hold'],
    ['set passive mode on ring canary', 'action.request'],
  ])('does what “%s” wants rather than answer whether anything is unprotected', (text, intent) => {
    expect(ask(text).intent).toBe(intent);
  });

  it.each(['2 active engines anywhere?', 'two AVs on srv-sql-07', 'is something doubly protected', 'both engines active?'])(
    'reads “%s” as two active engines',
    (text) => {
      expect(ask(text)).toMatchObject({ intent: 'safety.gap', args: { condition: 'both-active' } });
    },
  );

  it.each(['anything without AV', 'which machines are not protected', 'who has no active engine right now', 'any servers unproteced?'])(
    'reads “%s” as none',
    (text) => {
      expect(ask(text)).toMatchObject({ intent: 'safety.gap', args: { condition: 'none-active' } });
    },
  );

  it.each(['set passive mode on the machines without av', 'probe whatever is unprotected'])('never takes “%s” for a request', (text) => {
    expect(ask(text).intent).not.toBe('action.request');
  });

  it('takes a ring it does not know for one, so that it can be answered', () => {
    expect(ask('phase 1 for the finance ring')).toEqual({ intent: 'phase.status', args: { phase: 'prepare', ring: 'finance' } });
    expect(ask('where are we in the canary ring').args.ring).toBe('canary');
    expect(ask('which ring is next').args.ring).toBeUndefined();
  });

  it('forgives one slip of the finger in a long word', () => {
    expect(ask('set pasive mode on ring canary')).toEqual({
      intent: 'action.request',
      args: { action: 'set-passive-mode', ring: 'canary' },
    });
    expect(ask('is passive mode set evrywhere?').intent).toBe('step.status');
  });

  it('answers unclear for what it does not know', () => {
    expect(ask('the weather is nice').intent).toBe('unclear');
    expect(ask('').intent).toBe('unclear');
  });

  it('reads at most 2,000 characters, however long the text', () => {
    expect(ask(`${'word '.repeat(20_000)} set passive mode on ring canary`).intent).toBe('unclear');
  });
});
