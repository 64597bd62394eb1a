import { get } from './api.js';
import { byId } from './dom.js';
import { showPeople } from './people.js';
import { toast } from './toast.js';

const SETTLE_MS = 120;

/**
 * Holds what one person sees and keeps it in step with the server.
 * `settings` says who looks and how, `threads` shows messages, `clock` the time, `frame(state, place)` everything around them.
 */
export function createChannelPage({ settings, threads, clock, frame, look }) {
  const list = byId('messages');
  const messages = new Map();
  let state;
  let source;
  let version = 0;
  let round = 0;

  /** Loads everything anew when another person or place is chosen; redraws when only the look changed. */
  async function show() {
    round += 1;
    const current = round;
    const { as, place } = settings.read();
    if (state?.me.id === as && list.dataset.place === place) return redraw();
    source?.close();
    const fresh = await get('/_page/state', as ? { as } : {}).catch((error) => toast(error.message, 'warning'));
    if (current !== round) return undefined;
    if (!fresh) return as ? settings.set({ as: '' }) : undefined;
    begin(fresh, place);
    return undefined;
  }

  function begin(fresh, place) {
    state = fresh;
    version = 0;
    messages.clear();
    threads.clear();
    list.dataset.place = place;
    frame(state, place);
    take(fresh);
    list.scrollTop = list.scrollHeight;
    listen();
    if (settings.read().as !== state.me.id) settings.set({ as: state.me.id });
  }

  function take(fresh) {
    const first = version === 0;
    version = Math.max(version, fresh.version);
    state = { ...state, people: fresh.people };
    clock.show(fresh.clock);
    showPeople(state, (id) => settings.set({ as: id }));
    for (const message of fresh.messages) {
      const isNew = !messages.has(message.id);
      messages.set(message.id, message);
      if (isNew && !first && message.mentionsMe && message.from.id !== state.me.mri) toast(`${message.from.name} mentioned you.`);
    }
    draw(fresh.messages);
  }

  function draw(some) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    const shown = some.filter((message) => message.place === list.dataset.place).sort((a, b) => Number(a.id) - Number(b.id));
    threads.show(shown, { me: state.me, ...settings.read(), ...look });
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  function redraw() {
    draw([...messages.values()]);
  }

  function listen() {
    let timer;
    const catchUp = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void reload(), SETTLE_MS);
    };
    source = new EventSource(`/_page/events?as=${encodeURIComponent(state.me.id)}`);
    source.addEventListener('message', catchUp);
    source.addEventListener('open', catchUp);
    source.addEventListener('clock', (event) => clock.show(JSON.parse(event.data)));
  }

  async function reload() {
    const current = round;
    const fresh = await get('/_page/state', { as: state.me.id, since: version }).catch(() => undefined);
    if (fresh && current === round) take(fresh);
  }

  return { show, reload, state: () => state, message: (id) => messages.get(id) };
}
