import type { TokenCredential } from '@azure/identity';
import type { Evidence } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import type { NeededRight } from '../../core/needed-rights.ts';
import { guid } from '../../core/person.ts';
import type { LackingRights, Rights } from '../../core/ports.ts';
import type { AzureContext } from './context.ts';
import { SUBSCRIPTIONS_AT_ONCE, subscriptionWords } from './context.ts';
import { unreadBecause } from './errors.ts';
import type { ToldPermission } from './graph-rights.ts';
import { lackingPermissions } from './graph-rights.ts';
import type { ToldRight } from './lacking-rights.ts';
import { lackingIn } from './lacking-rights.ts';
import { mapLimited } from './limited.ts';
import { createRoleReader } from './role-assignments.ts';
import { troubleOf } from './trouble.ts';
import { graphPermissionsOf, objectIdOf } from './writer-object.ts';

const SOURCE = 'the role assignments';

type Asking = Pick<AzureContext, 'clients' | 'clock' | 'subscriptions'>;

/** Signs in as the writer identity; every one signs in by itself, so that it shows what was granted a moment ago. */
type SignIn = () => TokenCredential;

/**
 * Tells the writer identity's rights: who it is, and what it may do in Microsoft Graph, by its own tokens; its roles by the reader identity.
 * Keeps nothing from one question to the next.
 */
export function createRights(context: Asking, writer: TokenCredential, signIn: SignIn): Rights {
  const inAzure = azureRights(context, writer);
  return {
    async lacking(needed) {
      const at = context.clock.now();
      if (needed.length === 0) return read([], SOURCE, at);
      const inGraph = needed.filter(isPermission);
      const rest = needed.filter(({ api }) => api !== 'graph');
      if (!rest.every(isTold) || inGraph.length + rest.length < needed.length) return untold(at);
      const answers = [
        ...(rest.length === 0 ? [] : [await inAzure(rest, at)]),
        ...(inGraph.length === 0 ? [] : [await permissionsLacking(signIn(), inGraph, at)]),
      ];
      return allOf(answers, at);
    },
  };
}

async function permissionsLacking(
  credential: TokenCredential,
  needed: readonly ToldPermission[],
  at: number,
): Promise<Evidence<readonly LackingRights[]>> {
  const held = await asked(() => graphPermissionsOf(credential), at);
  return held.state === 'unread' ? held : read(lackingPermissions(held.value.objectId, needed, held.value.permissions), SOURCE, at);
}

function azureRights(context: Asking, writer: TokenCredential) {
  return async (told: readonly ToldRight[], at: number): Promise<Evidence<readonly LackingRights[]>> => {
    const bySubscription = Map.groupBy(told, ({ path }) => subscriptionOf(path) as string);
    const objectId = await asked(() => objectIdOf(writer), at);
    if (objectId.state === 'unread') return objectId;
    const roles = createRoleReader(context.clients);
    const answers = await mapLimited([...bySubscription], SUBSCRIPTIONS_AT_ONCE, async ([id, rights]) => {
      const subscription = { id, name: nameOf(context, id), objectId: objectId.value };
      try {
        return read(lackingIn(subscription, rights, await roles(subscription.id, subscription.objectId)), SOURCE, at);
      } catch (error) {
        const what = 'the writer identity’s role assignments';
        return unreadBecause(error, { what, where: subscriptionWords(subscription), identity: 'reader', role: 'Reader' }, SOURCE, at);
      }
    });
    return allOf(answers, at);
  };
}

/** What the writer identity's own token tells. */
async function asked<T>(tell: () => Promise<T>, at: number): Promise<Evidence<T>> {
  try {
    return read(await tell(), SOURCE, at);
  } catch (error) {
    if (troubleOf(error).kind === 'malformed') {
      const reason = 'the token of the writer identity does not say which object in Entra it is';
      return unread(
        reason,
        'Check WRITER_TENANT_ID and WRITER_CLIENT_ID: they must name an app registration or a managed identity.',
        SOURCE,
        at,
      );
    }
    return unreadBecause(error, { what: 'the sign-in', where: 'the writer identity', identity: 'writer', role: '' }, SOURCE, at);
  }
}

function allOf(answers: readonly Evidence<readonly LackingRights[]>[], at: number): Evidence<readonly LackingRights[]> {
  const lacking: LackingRights[] = [];
  for (const answer of answers) {
    if (answer.state === 'unread') return answer;
    lacking.push(...answer.value);
  }
  return read(lacking, SOURCE, at);
}

/** The GUID of the subscription that a path lies in; null for another path. */
function subscriptionOf(path: NeededRight['path']): string | null {
  return guid(/^\/subscriptions\/([^/]+)(?:\/|$)/i.exec(path)?.[1]);
}

function isPermission(right: NeededRight): right is ToldPermission {
  return right.api === 'graph' && right.operation !== null;
}

function isTold(right: NeededRight): right is ToldRight {
  return right.operation !== null && subscriptionOf(right.path) !== null;
}

function nameOf({ subscriptions }: Asking, id: string): string {
  return subscriptions.find((subscription) => subscription.id.toLowerCase() === id)?.name ?? id;
}

function untold(at: number): Evidence<never> {
  const reason = 'something it would do lies outside every subscription, where rights cannot be told';
  return unread(reason, 'Ask for less; if it stays, a newer Greenlight may be needed.', SOURCE, at);
}
