import type { JsonObject } from '../../../core/json.ts';
import { samePerson } from '../../../core/person.ts';
import type { OutgoingMessage } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { tell } from '../tell.ts';
import { attestedScope } from '../views/attestation.ts';
import { givenCard, subscriptionsOf } from './attestation-in.ts';

/** The card of a word, as it is posted when it is given and edited when it ends. */
export async function composeAttestation(context: Context, id: string): Promise<OutgoingMessage | null> {
  const found = await attestationOf(context, id);
  const card = found && givenCard(context, found);
  return card && { card, text: '', mentions: [], replyTo: null };
}

/** That a word was taken back; its author is told when somebody else did. */
export async function attestationEndedNews(context: Context, id: string, data: JsonObject): Promise<OutgoingMessage | null> {
  const found = await attestationOf(context, id);
  if (!found?.takenBack) return null;
  const { stepId, by, scope, takenBack } = found;
  const title = context.steps.find((row) => row.id === stepId)?.title ?? stepId;
  const own = samePerson(by, takenBack.by);
  const reason = typeof data['reason'] === 'string' && data['reason'] !== '' ? `: ${data['reason'].replace(/[.]$/, '')}` : '';
  const whose = own ? 'their word' : `the word of ${by.name}`;
  const sentence = `${takenBack.by.name} took back ${whose} for “${title}” in ${attestedScope(scope, subscriptionsOf(context))}${reason}.`;
  return tell(context, 'attention', sentence, 'What rested on it is unknown again, unless facts or another word tell.', own ? [] : [by]);
}

async function attestationOf(context: Context, id: string) {
  const { attestations } = await context.store.transact((tx) => tx.decisions());
  return attestations.find((one) => one.id === id) ?? null;
}
