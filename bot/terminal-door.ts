import { chmodSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import type { Person } from '../core/person.ts';
import type { App } from './app.ts';
import { doorPath } from './door-path.ts';
import { jsonLine } from './json-line.ts';
import { LEDGER_REQUEST } from './running-ledger.ts';

/** A question from the terminal, one JSON line; the answer is one JSON line too. */
export interface TerminalQuestion {
  readonly text: string;
  /** Part of a person's name; only a rehearsal lets somebody speak for somebody else. */
  readonly as: string | null;
  readonly explain: boolean;
}

export interface TerminalAnswer {
  readonly text: string;
}

/** Nobody of the tenant: whoever sits at the terminal may ask, and can neither request nor sign. */
const AT_THE_TERMINAL: Person = { objectId: '', tenantId: '', name: 'terminal', memberId: null, isGuest: true };

/** Lets `npm run ask` and `npm run ledger` talk to the bot that holds the store. Only this host's user of the data folder reaches it. */
export async function openTerminalDoor(dataDir: string, app: App): Promise<{ close(): Promise<void> }> {
  const path = doorPath(dataDir);
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => {
      if (line === JSON.stringify(LEDGER_REQUEST)) return void handOutLedger(app, socket);
      void answerLine(app, line).then((answer) => socket.writable && socket.write(jsonLine(answer)));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Asks a running bot; null when none runs on this folder. */
export async function askRunningBot(dataDir: string, questions: readonly TerminalQuestion[]): Promise<readonly TerminalAnswer[] | null> {
  const socket = connect(doorPath(dataDir));
  const opened = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
  if (!opened) return null;
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answers: TerminalAnswer[] = [];
  for (const question of questions) {
    socket.write(jsonLine(question));
    const { value } = await lines.next();
    answers.push(JSON.parse(String(value)) as TerminalAnswer);
  }
  socket.destroy();
  return answers;
}

/** Answers one question as the channel would. */
export async function answerQuestionHere(app: App, question: TerminalQuestion): Promise<TerminalAnswer> {
  if (question.explain) return { text: JSON.stringify(await app.explain(question.text)) };
  const person = await speaker(app, question.as);
  const answer = await app.answer(question.text, person);
  return { text: typeof answer === 'string' ? answer : answer.text };
}

/** Writes the ledger's export and hangs up; one that is cut off lacks its last line, and whoever reads it sees that. */
async function handOutLedger(app: App, socket: Socket): Promise<void> {
  await pipeline(app.exportLedger(), socket).catch((error: unknown) => {
    app.context.log.warn('handing out the ledger', { because: String(error) });
    socket.destroy();
  });
}

async function answerLine(app: App, line: string): Promise<TerminalAnswer> {
  try {
    return await answerQuestionHere(app, JSON.parse(line) as TerminalQuestion);
  } catch (error) {
    app.context.log.error('answering the terminal', { error: String(error) });
    return { text: `That did not work: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function speaker(app: App, as: string | null): Promise<Person> {
  if (as === null) return AT_THE_TERMINAL;
  if (!app.context.rehearsal) throw new Error('--as is for rehearsals; in production people speak for themselves, in the channel');
  const roster = await app.context.messenger.roster();
  const found = roster.state === 'read' ? roster.value.filter(({ name }) => name.toLowerCase().includes(as.toLowerCase())) : [];
  const [person] = found;
  if (!person || found.length > 1)
    throw new Error(`${found.length === 0 ? 'nobody' : 'more than one person'} in the channel is called “${as}”`);
  return person;
}
