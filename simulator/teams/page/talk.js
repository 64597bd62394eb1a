import { post } from './api.js';
import { byId, h } from './dom.js';
import { toast } from './toast.js';

const CARD = 'application/vnd.microsoft.card.adaptive';
const TOAST = 'application/vnd.microsoft.activity.message';
// Answers that show for themselves, or not at all.
const QUIET = new Set([CARD, 'message', 'none', 'task/none']);
const SLOW_MS = 400;

/** What a person does: says something, presses a button, opens a card. `page()` gives the channel page, `node(id)` a message's element. */
export function createTalk(page, node) {
  const opened = new Set();
  const me = () => page().state().me;
  const botName = () => page().state().bot.name;

  /** Resolves to whether the message was posted. */
  async function say(text, where) {
    const working = h(
      'p',
      { class: 'working', 'data-testid': 'working' },
      h('span', { class: 'spinner' }),
      `${botName()} is working on it…`,
    );
    const forBot = where.to === 'chat' || text.toLowerCase().includes(`@${botName().toLowerCase()}`);
    const timer = forBot ? setTimeout(() => byId('compose').before(working), SLOW_MS) : undefined;
    try {
      const answer = await post('/_page/say', { as: me().id, text, ...where });
      if (!answer.delivered && forBot) toast(`${botName()} did not get the message: ${answer.detail}.`, 'warning');
      return true;
    } catch (error) {
      toast(`The message was not posted. ${error.message}`, 'warning');
      return false;
    } finally {
      clearTimeout(timer);
      working.remove();
    }
  }

  async function press(activityId, action, card) {
    if (card.getAttribute('aria-busy') === 'true') return;
    busy(card, true);
    note(activityId, '');
    const answer = await ask('/_page/press', { activityId, action, inputs: {} });
    busy(card, false);
    await page().reload();
    show(activityId, answer);
  }

  /** Fetches the person's own view of a card once for each revision seen. */
  async function open(activityId) {
    const message = page().message(activityId);
    const key = `${me().id} ${activityId} ${message?.revision}`;
    if (!message?.refreshes || message.view !== 'base' || opened.has(key)) return;
    opened.add(key);
    show(activityId, await ask('/_page/open', { activityId }));
  }

  const ask = (path, body) => post(path, { as: me().id, ...body }).catch((error) => ({ type: 'failed', value: error }));

  function show(activityId, { type, value }) {
    if (type === TOAST || type === 'task/message') toast(String(value));
    else if (type === 'task/continue') note(activityId, 'The app opened a dialog, which this page does not draw.');
    else if (!QUIET.has(type)) note(activityId, value?.message ?? 'Something went wrong. Please try again.');
  }

  function note(activityId, text) {
    const place = node(activityId)?.querySelector('.card-note');
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
  }

  return { say, press, open };
}

function busy(card, on) {
  card.setAttribute('aria-busy', String(on));
  for (const button of card.querySelectorAll('button')) button.disabled = on;
}
