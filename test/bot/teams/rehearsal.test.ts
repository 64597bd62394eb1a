import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Inbox, Press, Said } from '../../../bot/flows/inbox.ts';
import { createTeamsHost, type TeamsHost } from '../../../bot/teams/teams-host.ts';
import type { Person } from '../../../core/person.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import { type Outside, startOutside } from '../../../simulator/outside.ts';
import { words } from './support/setup.ts';

interface Shown {
  id: string;
  threadId: string;
  from: { isBot: boolean };
  text: string;
  cards: Record<string, unknown>[];
  mentionsMe: boolean;
}

let folder: string;
let outside: Outside;
let host: TeamsHost;
const said: Said[] = [];
const pressed: Press[] = [];
const card = (body: string): RenderedCard => ({
  card: {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'TextBlock', text: body, wrap: true },
      { type: 'Input.Text', id: 'reason' },
    ],
    actions: [{ type: 'Action.Execute', title: 'Approve', verb: 'approve', data: { plan: 'GL-0001' } }],
  },
  text: body,
  summary: body,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-rehearsal-'));
  outside = await startOutside({ port: 0, estate: 'sample', seed: 1, dataDir: folder, bot: null, start: null, queries: 15 });
  const { azure, teams, identities, caFile, channel } = outside.ready;
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(caFile, 'utf8')]);
  const inbox: Inbox = {
    said: async (one) => {
      said.push(one);
      return words(`read as: ${one.text}`, { card: card('42 machines are ready.'), mentions: [one.person] });
    },
    pressed: async (one) => {
      pressed.push(one);
      return { kind: 'card', card: card(`${one.person.name} approved.`) };
    },
    broke: (reference) => words(reference),
  };
  host = await createTeamsHost({
    settings: {
      appId: identities.bot.clientId,
      appTenantId: identities.bot.tenantId,
      appPassword: identities.bot.clientSecret,
      openIdMetadata: `${teams}/v1/.well-known/openidconfiguration`,
      loginUrl: azure,
      connectorScope: 'https://api.botframework.com',
      serviceUrl: teams,
      rehearsal: true,
      host: '127.0.0.1',
      port: 0,
      metricsPort: null,
    },
    channel,
    inbox,
    clock: outside.clock,
    ids: { nonce: () => '0'.repeat(32), reference: () => 'REF' },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    loadReference: async () => null,
    saveReference: async () => undefined,
    ready: async () => ({ ok: true, detail: {} }),
  });
  await host.listen();
  outside.teams.setBot(`${host.url}/api/messages`);
});
afterAll(async () => {
  await host.close();
  await outside.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (role: string): string => outside.ready.people.find((person) => person.role === role)?.id ?? '';

async function page(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${outside.ready.teams}/_page/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}

async function shown(as: string): Promise<Shown[]> {
  const response = await fetch(`${outside.ready.teams}/_page/state?as=${as}`);
  return ((await response.json()) as { messages: Shown[] }).messages;
}

it('answers a question asked on the channel page, in its thread, with a card and a mention', async () => {
  const ann = idOf('approver');
  const { activityId, delivered } = await page('say', { as: ann, text: '@Greenlight how ready are we?' });
  expect(delivered).toBe(true);
  expect(said.at(-1)).toMatchObject({ text: 'how ready are we?', person: { objectId: ann, isGuest: false } });
  const answer = (await shown(ann)).find(({ from }) => from.isBot);
  expect(answer).toMatchObject({ threadId: activityId, mentionsMe: true, cards: [{ type: 'AdaptiveCard' }] });
});

it('answers a press with a card for that person alone', async () => {
  const [ann, engineer] = [idOf('approver'), idOf('engineer')];
  const posted = await host.messenger.post(words('', { card: card('Please sign.') }));
  const activityId = posted.kind === 'posted' ? posted.activityId : '';
  const action = { type: 'Action.Execute', verb: 'approve', data: { plan: 'GL-0001' } };
  expect(await page('press', { as: ann, activityId, action, inputs: { reason: 'checked' } })).toMatchObject({
    status: 200,
    type: 'application/vnd.microsoft.card.adaptive',
  });
  expect(pressed.at(-1)).toMatchObject({ verb: 'approve', data: { plan: 'GL-0001', reason: 'checked' }, activityId });
  const textOf = async (as: string): Promise<string> => JSON.stringify((await shown(as)).find(({ id }) => id === activityId)?.cards);
  expect(await textOf(ann)).toContain('approved.');
  expect(await textOf(engineer)).not.toContain('approved.');
});

it('edits its message in place', async () => {
  const posted = await host.messenger.post(words('one machine'));
  const activityId = posted.kind === 'posted' ? posted.activityId : '';
  expect(await host.messenger.update(activityId, words('two machines'))).toEqual({ kind: 'posted', activityId });
  expect((await shown(idOf('owner'))).find(({ id }) => id === activityId)).toMatchObject({ text: 'two machines', edited: true });
});

it('tells guests from members', async () => {
  await page('say', { as: idOf('guest'), text: '@Greenlight status' });
  expect(said.at(-1)?.person).toMatchObject({ objectId: idOf('guest'), isGuest: true });
  const roster = await host.messenger.roster();
  const members: readonly Person[] = roster.state === 'read' ? roster.value : [];
  expect(members).toHaveLength(outside.ready.people.length);
  expect(members.filter(({ isGuest }) => isGuest).map(({ objectId }) => objectId)).toEqual([idOf('guest')]);
});

it('says in a personal chat where it works', async () => {
  const before = said.length;
  await page('say', { as: idOf('owner'), text: 'approve GL-0001', to: 'chat' });
  const last = (await shown(idOf('owner'))).filter(({ from }) => from.isBot).at(-1);
  expect(last?.text).toContain('I only work in the channel');
  expect(said).toHaveLength(before);
});
