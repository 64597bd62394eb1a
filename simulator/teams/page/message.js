import { cardMentions } from './cards.js';
import { avatar, h } from './dom.js';
import { blocks } from './markdown.js';

/** One message with its cards. `act(messageId, action, frame)` is called when a button of a card is pressed. */
export function drawMessage(message, { me, theme, features, renderCard, act }) {
  const { from, mentionsMe } = message;
  const head = h(
    'div',
    { class: 'message-head' },
    avatar(from.name, from.id, from.isBot),
    h('span', { class: 'author' }, from.name),
    from.isBot ? h('span', { class: 'tag' }, 'App') : null,
    h('time', { datetime: new Date(message.at).toISOString(), title: new Date(message.at).toUTCString() }, shortTime(message.at)),
    message.edited && !message.deleted ? h('span', { class: 'edited' }, 'Edited') : null,
    mentionsMe
      ? h(
          'span',
          { class: 'at-me', title: 'You are mentioned', 'data-testid': 'mentions-me' },
          '@',
          h('span', { class: 'unseen' }, ' mentions you'),
        )
      : null,
  );
  const body = message.deleted
    ? h('p', { class: 'gone' }, 'This message has been deleted.')
    : h('div', { class: 'text' }, blocks(message.text, message.mentions, from.isBot));
  const cards = message.cards.map((card) => {
    const frame = h('div', { class: card.msteams?.width ? 'card full' : 'card', 'data-testid': 'card', 'data-view': message.view });
    const mentions = cardMentions(card, me);
    frame.append(renderCard(card, { theme, features, mentions, act: (action) => act(message.id, action, frame) }));
    return frame;
  });
  const look = `message${mentionsMe ? ' for-me' : ''}${from.isBot ? ' from-bot' : ''}`;
  const note = h('p', { class: 'card-note', role: 'alert', hidden: true, 'data-testid': 'card-note' });
  return h(
    'article',
    {
      class: look,
      'data-testid': `message-${message.id}`,
      'data-message': message.id,
      'aria-label': `${from.name}, ${shortTime(message.at)}`,
    },
    head,
    body,
    cards,
    note,
  );
}

export function shortTime(at) {
  const [, day, month, , time] = new Date(at).toUTCString().split(' ');
  return `${Number(day)} ${month}, ${time.slice(0, 5)}`;
}
