import { createPace } from '../../../simulator/teams/pace.ts';
import { createRateLimits, type Scenario } from '../../../simulator/teams/rate-limits.ts';
import { ANA, asBot, CHANNEL, type Outside, openTeams, page, stateOf } from './outside.ts';

const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;

describe('the rate limits of a conversation', () => {
  let now = 0;
  let limits: ReturnType<typeof createRateLimits>;
  beforeEach(() => {
    now = 1_000_000;
    limits = createRateLimits(() => now);
  });
  const wait = (scenario: Scenario, conversation = 'c'): string | null => {
    try {
      limits.take(scenario, conversation);
      return null;
    } catch (error) {
      return (error as { headers: Record<string, string> }).headers['retry-after'] ?? '';
    }
  };
  /** How many get through at a steady pace before the first refusal. */
  const untilRefused = (scenario: Scenario, everyMs: number): number => {
    for (let count = 0; count < 5_000; count += 1) {
      if (wait(scenario) !== null) return count;
      now += everyMs;
    }
    throw new Error('never refused');
  };

  it.each<[Scenario, number, number]>([
    ['send', 0, 7],
    ['send', 200, 8],
    ['send', 490, 60],
    ['send', 1_900, 1_800],
    ['members', 0, 14],
    ['members', 100, 16],
    ['members', 245, 120],
    ['members', 990, 3_600],
    ['conversations', 0, 14],
    ['allMembers', 1_000, 5],
  ])('let %s at one each %d ms through %d times', (scenario, everyMs, times) => {
    expect(untilRefused(scenario, everyMs)).toBe(times);
  });

  it('say when to come back, and let through who did', () => {
    for (let count = 0; count < 7; count += 1) wait('send');
    expect(wait('send')).toBe('1');
    now += 1_000;
    expect(wait('send')).toBeNull();
    expect(wait('send')).toBe('1');
    now += 1_000;
    expect(wait('send')).toBeNull();
  });

  it('count each conversation and each scenario by itself', () => {
    for (let count = 0; count < 7; count += 1) wait('send');
    expect(wait('send', 'another')).toBeNull();
    expect(wait('members')).toBeNull();
    expect(wait('send')).not.toBeNull();
  });

  it('let an app have 50 requests a second over all conversations', () => {
    for (let count = 0; count < 50; count += 1) expect(wait('send', `c${count}`)).toBeNull();
    expect(wait('send', 'c50')).toBe('1');
  });
});

describe('the clock of the limits', () => {
  it('goes by whichever of real and virtual time went further', () => {
    let [virtual, real] = [0, 0];
    const pace = createPace(
      () => virtual,
      () => real,
    );
    real = 500;
    expect(pace()).toBe(500);
    virtual = 60_000;
    expect(pace()).toBe(60_500);
    [virtual, real] = [61_000, 1_500];
    expect(pace()).toBe(61_500);
  });
});

describe('a bot that sends too fast', () => {
  let outside: Outside;
  beforeEach(async () => {
    outside = await openTeams({ limits: true });
  });
  afterEach(() => outside.close());
  const burst = (count: number, path = `${channel}/activities`) =>
    Promise.all(
      Array.from({ length: count }, () =>
        fetch(`${outside.url}${path}`, {
          method: 'POST',
          headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
          body: JSON.stringify({ type: 'message', text: 'x' }),
        }),
      ),
    );
  const refused = (answers: Response[]) => answers.filter(({ status }) => status === 429);

  it('is told 429 with Retry-After, in the connector’s words, and nothing is posted', async () => {
    const [first] = refused(await burst(20));
    expect(first?.headers.get('retry-after')).toMatch(/^[12]$/);
    expect(await first?.json()).toEqual({ error: { code: 'Throttled', message: expect.any(String) } });
    const posted = outside.log.since(0).filter(({ status }) => status === 201).length;
    expect((await stateOf(outside, ANA.id)).messages).toHaveLength(posted);
  });

  it('has the threads of a channel counted as one conversation, and edits as sends', async () => {
    const root = (await page(outside, 'say', { as: ANA.id, text: 'a thread' })).body['activityId'] as string;
    const thread = `v3/conversations/${encodeURIComponent(`${CHANNEL};messageid=${root}`)}/activities`;
    const own = (await asBot(outside, 'POST', thread, { type: 'message', text: 'x' })).body['id'] as string;
    const statuses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      outside.clock.move({ advanceSeconds: 2 });
      for (let edit = 0; edit < 3; edit += 1) {
        statuses.push((await asBot(outside, 'PUT', `${channel}/activities/${own}`, { type: 'message', text: 'y' })).status);
      }
      statuses.push(...(await burst(3, thread)).map(({ status }) => status));
    }
    // 60 in 30 s, and the first message was one of them.
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(statuses.at(-1)).toBe(429);
  });

  it('may go on when the virtual clock has moved on, although it stands still otherwise', async () => {
    await burst(20);
    outside.clock.move({ advanceSeconds: 31 });
    expect((await asBot(outside, 'POST', `${channel}/activities`, { type: 'message', text: 'x' })).status).toBe(201);
  });

  it('may go on after real seconds when the virtual clock stands still', async () => {
    expect(refused(await burst(20)).length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await asBot(outside, 'POST', `${channel}/activities`, { type: 'message', text: 'x' })).status).toBe(201);
  });

  it('gets a 429 without Retry-After where a fault says so', async () => {
    outside.faults.add({ match: { server: 'teams', method: 'POST' }, fault: { status: 429, code: 'Throttled' }, times: 1 });
    const [answer] = await burst(1);
    expect(answer?.status).toBe(429);
    expect(answer?.headers.has('retry-after')).toBe(false);
  });
});
