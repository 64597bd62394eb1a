import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createLog } from '../services/log.ts';
import { startApp } from './app.ts';
import { dataFolder, endOutside, prepareLaunch, refuseStart } from './launch.ts';
import { introduceBot } from './rehearsal.ts';
import type { TerminalAnswer, TerminalQuestion } from './terminal-door.ts';
import { answerQuestionHere, askRunningBot } from './terminal-door.ts';

const USAGE = 'usage: npm run -s ask -- [--as <person>] [--explain] "text"   (--explain - reads one question a line)';

try {
  await main();
} catch (error) {
  refuseStart(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { explain: { type: 'boolean' }, as: { type: 'string' } }, allowPositionals: true });
  const explain = values.explain ?? false;
  const texts = explain && positionals[0] === '-' ? await linesOfInput() : [positionals.join(' ')];
  if (texts.length === 1 && texts[0] === '') {
    console.error(USAGE);
    process.exit(2);
  }
  // A blank line starts a new conversation; nothing is carried from one question to the next yet, so it is only passed over.
  const questions = texts.filter((text) => text.trim() !== '').map((text) => ({ text, as: values.as ?? null, explain }));
  const dataDir = dataFolder();
  const answers = (await askRunningBot(dataDir, questions)) ?? (await askAlone(dataDir, questions));
  for (const { text } of answers) console.log(text);
  process.exit(0);
}

/** No bot is running: one is started for these questions and ended again. */
async function askAlone(dataDir: string, questions: readonly TerminalQuestion[]): Promise<readonly TerminalAnswer[]> {
  const { settings, outside } = await prepareLaunch(dataDir, false);
  const app = await startApp(settings, (clock) => createLog('error', { clock }));
  if (outside) await introduceBot(outside, app.url);
  const answers: TerminalAnswer[] = [];
  for (const question of questions) answers.push(await answerQuestionHere(app, question));
  await app.close();
  if (outside) endOutside(outside);
  return answers;
}

async function linesOfInput(): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) lines.push(line);
  return lines;
}
