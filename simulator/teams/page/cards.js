import { h } from './dom.js';
import { hostConfig } from './host-config.js';
import { html } from './markdown.js';
import { registerStandIns } from './stand-ins.js';

/**
 * Draws cards as Teams would. `features` off leaves out what only Teams knows, so that the fallbacks show.
 * `act(action)` is called for Execute and Submit with `{ type, id, title, verb, data }`.
 */
export function createCardRenderer() {
  const library = window.AdaptiveCards;
  if (!library) return () => h('p', { class: 'card-error' }, 'The card renderer is missing: install the development dependencies.');
  const registries = { on: registerStandIns(library), off: undefined };

  return (card, { theme, features, mentions, act }) => {
    const adaptive = new library.AdaptiveCard();
    adaptive.hostConfig = new library.HostConfig(hostConfig(theme));
    adaptive.onExecuteAction = (action) => execute(action, act);
    library.AdaptiveCard.onProcessMarkdown = (text, result) => {
      result.outputHtml = html(text, mentions);
      result.didProcess = true;
    };
    const context = new library.SerializationContext();
    if (registries[features]) context.setElementRegistry(registries[features]);
    adaptive.parse(card, context);
    return adaptive.render() ?? h('p', { class: 'card-error' }, 'This card is empty.');
  };
}

function execute(action, act) {
  const type = action.getJsonTypeName();
  if (type === 'Action.OpenUrl') {
    if (/^https?:\/\//i.test(action.url ?? '')) window.open(action.url, '_blank', 'noopener,noreferrer');
    return;
  }
  if (type !== 'Action.Execute' && type !== 'Action.Submit') return;
  act({ type, id: action.id, title: action.title, verb: action.verb, data: action.data });
}

export function cardMentions(card, me) {
  const entities = Array.isArray(card.msteams?.entities) ? card.msteams.entities : [];
  return entities
    .filter((entity) => entity?.type === 'mention')
    .map(({ text, mentioned }) => ({ text, name: mentioned?.name ?? '', isMe: [me.mri, me.id, me.upn].includes(mentioned?.id) }));
}
