import { CHANNEL } from '../../../simulator/estates/people.ts';
import { type StartedOutside, send, startedOutside } from '../started-outside.ts';

describe('the connector beside the pretend Entra', () => {
  let outside: StartedOutside;
  beforeAll(async () => {
    outside = await startedOutside();
  });
  afterAll(() => outside.end());

  const SCOPE = 'https://api.botframework.com/.default';
  const roster = (authorization?: string) =>
    send(
      `${outside.ready.teams}/v3/conversations/${encodeURIComponent(CHANNEL.channelId)}/pagedmembers`,
      'GET',
      '',
      authorization === undefined ? {} : { authorization },
    );

  test('takes the bot’s own token for the connector', async () => {
    const { status, body } = await roster(`Bearer ${await outside.token('bot', SCOPE)}`);
    expect(status).toBe(200);
    expect(body.members).toHaveLength(outside.ready.people.length);
  });

  test('answers 401 without a token, to a foreign one and to one for another audience', async () => {
    const [head = '', claims = ''] = (await outside.token('bot', SCOPE)).split('.');
    const other = await outside.token('bot', 'https://graph.microsoft.com/.default');
    const unauthorized = { status: 401, body: { error: { code: expect.any(String), message: expect.any(String) } } };
    for (const authorization of [undefined, 'Bearer x', `Bearer ${head}.${claims}.${'A'.repeat(342)}`, `Bearer ${other}`]) {
      expect(await roster(authorization)).toMatchObject(unauthorized);
    }
  });

  test('answers 403 to another application, though its token is for the connector', async () => {
    expect(await roster(`Bearer ${await outside.token('reader', SCOPE)}`)).toMatchObject({
      status: 403,
      body: { error: { code: 'BotNotInConversationRoster' } },
    });
  });

  test('knows the guest by a name of this tenant', async () => {
    const { body } = await roster(`Bearer ${await outside.token('bot', SCOPE)}`);
    const guest = body.members.find((member: { userRole: string }) => member.userRole === 'guest');
    expect(guest).toMatchObject({ tenantId: CHANNEL.tenantId, email: 'sam.porter@partner.example' });
    expect(guest.userPrincipalName).toContain('#EXT#');
  });
});
