import type { ActivityMaker } from './activities.ts';
import type { Actor, CardActions } from './card-actions.ts';
import { readAction } from './card-buttons.ts';
import type { Delivery } from './delivery.ts';
import type { Dialogs } from './dialogs.ts';
import { HttpError } from './http.ts';
import type { Installation } from './installation.ts';
import { type Answer, readBody, wentWrong } from './invoke-answer.ts';
import type { MessageStore } from './message-store.ts';
import type { PageDoor } from './page-talk.ts';
import type { Roster } from './roster.ts';
import type { Screens } from './screens.ts';
import type { Sight } from './sight.ts';
import type { Message } from './types.ts';
import { type Json, record, text } from './values.ts';

export interface PressDeps {
  roster: Roster;
  store: MessageStore;
  installation: Installation;
  sight: Sight;
  screens: Screens;
  make: ActivityMaker;
  delivery: Delivery;
  actions: CardActions;
  dialogs: Dialogs;
}

/**
 * What people do with cards. A client sends only what it shows: a press of anything else is refused, unless it says `raw: true`
 * and so is what somebody with their own client could send.
 */
export function pressDoors(deps: PressDeps): Record<string, PageDoor> {
  const { roster, store, installation, sight, screens, make, delivery, actions, dialogs } = deps;

  /** What is shown when the bot is not there any more to be asked. */
  function gone({ member }: Actor, message: Message): Answer | null {
    const isThere = roster.byChat(message.conversation) ? !installation.isBlockedBy(member) : installation.inTeam();
    return isThere ? null : wentWrong(403, 'Forbidden', 'User forbidden to perform action: the bot is not in the conversation');
  }
  function aim(body: Json): { actor: Actor; message: Message } {
    const actor = sight.actor(body);
    return { actor, message: sight.seen(actor.member, body['activityId']) };
  }
  function shown({ member, client }: Actor, message: Message, answer: Answer | null): unknown {
    const mine = store.view(member.id, client, message.id) !== undefined;
    return { refreshed: answer !== null, ...(answer ?? { status: 200, type: 'none', value: null }), view: mine ? 'mine' : 'base' };
  }

  return {
    '/_page/press': async (body) => {
      const { actor, message } = aim(body);
      const action = readAction(body['action']);
      const inputs = record(body['inputs']);
      if (body['raw'] !== true && !screens.shows(actor.member, actor.client, message, action, inputs)) {
        throw new HttpError(409, 'NotShown', 'The card this person sees has no such button or input; `raw: true` presses it all the same.');
      }
      const missing = gone(actor, message);
      if (missing) return missing;
      return dialogs.opens(action) ? dialogs.open(actor, message, action, inputs) : actions.press(actor, message, action, inputs);
    },
    '/_page/submit-dialog': async (body) => {
      const { actor, message } = aim(body);
      const action = readAction(body['action']);
      return gone(actor, message) ?? dialogs.submit(actor, message, action, record(body['inputs']), body['raw'] === true);
    },
    '/_page/open': async (body) => {
      const { actor, message } = aim(body);
      return shown(actor, message, gone(actor, message) ?? (await actions.refresh(actor, message)));
    },
    '/_page/refresh': async (body) => {
      const { actor, message } = aim(body);
      return shown(actor, message, gone(actor, message) ?? (await actions.refreshNow(actor, message)));
    },
    // Any other invoke a client may send: how the bot answers what it does not know.
    '/_page/invoke': async (body) => {
      const { actor, message } = aim(body);
      const name = text(body['name']);
      if (!name) throw new HttpError(400, 'BadSyntax', 'An invoke has a name.');
      const read = readBody(await delivery.invoke(make.invoke(actor.member, message, name, body['value'] ?? {}, actor.client)));
      return 'failed' in read ? read.failed : { status: 200, type: 'invokeResponse', value: read.body };
    },
  };
}
