import { createCardRenderer } from './cards.js';
import { createChannelPage } from './channel-page.js';
import { createClock } from './clock.js';
import { fillCompose } from './compose.js';
import { byId } from './dom.js';
import { createSettings } from './settings.js';
import { createTalk } from './talk.js';
import { createThreads } from './threads.js';

// The server fetches the views of new cards by itself; only what still shows the base view after this is asked for.
const VIEW_WAIT_MS = 450;

const settings = createSettings((now) => {
  byId('dark').checked = now.theme === 'dark';
  byId('features').checked = now.features === 'on';
  void page.show();
});
const names = () => [{ ...page.state().bot, isBot: true }, ...page.state().people];
const threads = createThreads(byId('messages'), {
  names,
  reply: (text, replyTo) => talk.say(text, { replyTo }),
  seen: (id) => setTimeout(() => void talk.open(id), VIEW_WAIT_MS),
});
const talk = createTalk(() => page, threads.node);
const page = createChannelPage({
  settings,
  threads,
  clock: createClock(),
  frame,
  look: { renderCard: createCardRenderer(), act: talk.press },
});

function frame({ channel, bot, rehearsal }, place) {
  const inChat = place === 'chat';
  byId('ribbon').hidden = !rehearsal;
  byId('title').textContent = inChat ? bot.name : channel.channelName;
  byId('subtitle').textContent = inChat ? 'Personal chat' : channel.teamName;
  byId('team-mark').textContent = inChat ? '✓' : [...channel.teamName][0];
  document.title = `${channel.channelName} · ${channel.teamName}`;
  byId('place-channel').textContent = `# ${channel.channelName}`;
  byId('place-channel').setAttribute('aria-current', inChat ? 'false' : 'page');
  byId('place-chat').textContent = `Chat with ${bot.name}`;
  byId('place-chat').setAttribute('aria-current', inChat ? 'page' : 'false');
  byId('messages').dataset.hint = inChat
    ? `Nothing here yet. ${bot.name} writes here what concerns only you.`
    : `No messages yet. Ask: @${bot.name} are we ready?`;
  fillCompose(byId('compose'), {
    id: 'compose-text',
    label: inChat ? `Message to ${bot.name}` : 'New message in the channel',
    placeholder: inChat ? `Message ${bot.name}` : `Type @${bot.name} to ask`,
    names,
    send: (text) => talk.say(text, inChat ? { to: 'chat' } : {}),
  });
}

function drawer(open) {
  byId('side').classList.toggle('open', open);
  byId('veil').hidden = !open;
  byId('menu').setAttribute('aria-expanded', String(open));
}

byId('place-channel').addEventListener('click', () => settings.set({ place: 'channel' }));
byId('place-chat').addEventListener('click', () => settings.set({ place: 'chat' }));
byId('dark').addEventListener('change', (event) => settings.set({ theme: event.target.checked ? 'dark' : 'light' }));
byId('features').addEventListener('change', (event) => settings.set({ features: event.target.checked ? 'on' : 'off' }));
byId('menu').addEventListener('click', () => drawer(!byId('side').classList.contains('open')));
byId('me').addEventListener('click', () => {
  drawer(true);
  byId('people').querySelector('[aria-checked="true"]')?.focus();
});
byId('veil').addEventListener('click', () => drawer(false));
byId('side').addEventListener('keydown', (event) => event.key === 'Escape' && drawer(false));
settings.start();
