import { readFileSync } from 'node:fs';
import type { AnyJson, Message, Rehearsal } from '../support/rehearsal.ts';

/** An entry of the exported ledger. */
export interface Entry {
  readonly seq: number;
  readonly prev: string;
  readonly at: number;
  readonly kind: string;
  readonly actor: { readonly id: string } | null;
  readonly subject: string;
  readonly data: AnyJson;
  readonly hash: string;
}

/** A request the pretend outside answered; status 0: it was carried out or not, and the caller has no answer. */
export interface Request {
  readonly seq: number;
  readonly at: number;
  readonly server: 'azure' | 'teams';
  readonly who: string | null;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bodySha256: string;
  readonly faults?: readonly { readonly id: string }[];
}

/** All that is looked at: nothing of it is the bot's opinion, but the ledger, which is held against the rest. */
export interface Witness {
  readonly ledger: readonly Entry[];
  readonly log: readonly Request[];
  readonly estate: AnyJson;
  readonly messages: readonly Message[];
}

/** Reads the exported ledger, the request log, the estate and the channel. `env`: where the store is, as for the bot. */
export async function takeWitness(rehearsal: Rehearsal, env: Record<string, string>): Promise<Witness> {
  const log = (await rehearsal.log()) as readonly Request[];
  const [estate, messages] = await Promise.all([rehearsal.estate(), rehearsal.messages(rehearsal.person('lukas').id)]);
  return { ledger: await exportedLedger(rehearsal, env), log, estate, messages };
}

/** `npm run ledger -- export`: the bot may be running, or dead. */
export async function exportedLedger(rehearsal: Rehearsal, env: Record<string, string>): Promise<readonly Entry[]> {
  const file = rehearsal.write('exported.jsonl', '');
  const { code, output } = await rehearsal.run('bot/ledger.ts', ['export', file], env);
  if (code !== 0) throw new Error(`the ledger could not be exported: ${output}`);
  return entriesOf(readFileSync(file, 'utf8'));
}

/** The entries of an export. */
export function entriesOf(text: string): readonly Entry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as AnyJson).filter(({ seq }) => seq !== undefined);
}

/** A call of a plan to a machine, as its Run Command's address names it. */
export interface CallKey {
  readonly machine: string;
  readonly plan: string;
  readonly call: string;
}

/** What a request of the bot was to change on a machine, or null when it changes nothing there. Throws for one that bears no plan's name. */
export function changeOf(request: Request): CallKey | null {
  return request.method === 'DELETE' ? null : namedBy(request, 'PUT');
}

/** The call whose run command a request deletes, or null when it deletes nothing. Throws where it deletes anything else. */
export function deletionOf(request: Request): CallKey | null {
  return request.method === 'DELETE' ? namedBy(request, 'DELETE') : null;
}

/** Questions that are asked with a POST. */
const QUESTION =
  /\/oauth2\/|\/providers\/Microsoft\.ResourceGraph\/|^\/v1\.0\/security\/runHuntingQuery$|\/Microsoft\.PolicyInsights\/policyStates\/latest\/summarize\?/i;

function namedBy({ server, who, method, path }: Request, allowed: string): CallKey | null {
  if (server !== 'azure' || method === 'GET' || (method === 'POST' && QUESTION.test(path))) return null;
  const [, machine, plan, call] = /^(\/subscriptions\/[^?]+)\/runCommands\/greenlight-([0-9a-f]{12})-([a-z-]+)\?/i.exec(path) ?? [];
  if (who !== 'writer' || method !== allowed || !machine || !plan || !call)
    throw new Error(`a change no plan names: ${who} ${method} ${path}`);
  return { machine: machine.toLowerCase(), plan, call };
}

/** One text for one call. */
export const keyOf = ({ machine, plan, call }: CallKey): string => `${machine} ${plan} ${call}`;
