import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication, MessageFactory } from 'botbuilder';
import { createServer } from 'restify';

const TURNS = 200;
const WARM = 20;

/** How long a bare bot of botbuilder on restify takes to say back what it is told, over HTTP: ms, one for each turn. */
export async function echoTurns(): Promise<readonly number[]> {
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const bot = new ActivityHandler().onMessage(async (turn, next) => {
    await turn.sendActivity(MessageFactory.text(turn.activity.text));
    await next();
  });
  const server = createServer();
  server.use((incoming, _response, next) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      incoming.body = JSON.parse(Buffer.concat(chunks).toString()) as never;
      next();
    });
  });
  server.post('/api/messages', async (incoming, response) => {
    await adapter.process(incoming as never, response, (turn) => bot.run(turn));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const agent = new Agent({ keepAlive: true });
  try {
    const times: number[] = [];
    for (let turn = 0; turn < TURNS + WARM; turn += 1) {
      const ms = await say(server.address().port, agent);
      if (turn >= WARM) times.push(ms);
    }
    return times;
  } finally {
    agent.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

function say(port: number, agent: Agent): Promise<number> {
  const activity = {
    type: 'message',
    id: randomUUID(),
    channelId: 'emulator',
    deliveryMode: 'expectReplies',
    serviceUrl: 'http://127.0.0.1',
    text: 'where are we with phase 1?',
    from: { id: 'somebody' },
    recipient: { id: 'bot' },
    conversation: { id: 'conversation' },
  };
  const body = JSON.stringify(activity);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const sent = request({ host: '127.0.0.1', port, path: '/api/messages', method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        if (text.includes('where are we')) resolve(performance.now() - from);
        else reject(new Error(`the echo answered ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
