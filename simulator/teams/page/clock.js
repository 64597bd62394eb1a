import { post } from './api.js';
import { byId, h } from './dom.js';
import { toast } from './toast.js';

const JUMPS = [
  ['+2 min', 120],
  ['+10 min', 600],
  ['+1 h', 3600],
  ['+8 h', 28_800],
];
const RATES = [1, 10, 60];
const DAY = 86_400_000;

/** Shows virtual time ticking between readings and moves it. */
export function createClock() {
  let reading = { now: Date.now(), rate: 1, version: 0 };
  let taken = performance.now();
  const now = () => reading.now + (performance.now() - taken) * reading.rate;
  const move = (change) => post('/_clock', change).then(show, (error) => toast(`The clock did not move. ${error.message}`, 'warning'));

  const time = byId('clock-time');
  const date = byId('clock-date');
  const rates = RATES.map((rate) =>
    h('button', { type: 'button', 'data-testid': `rate-${rate}`, onclick: () => move({ rate }) }, `${rate}×`),
  );
  byId('clock-jumps').append(
    ...JUMPS.map(([label, advanceSeconds]) => h('button', { type: 'button', onclick: () => move({ advanceSeconds }) }, label)),
    h('button', { type: 'button', onclick: () => move({ to: nextMorning(now()) }), title: 'The next 08:00 UTC' }, 'Next 08:00'),
  );
  byId('clock-rates').append(...rates);

  function tick() {
    const [day, rest] = new Date(now()).toUTCString().split(/ (?=\d\d:)/);
    time.textContent = rest.replace('GMT', 'UTC');
    date.textContent = day;
  }
  function show(next) {
    if (next.version < reading.version) return;
    reading = next;
    taken = performance.now();
    for (const [index, rate] of RATES.entries()) rates[index].setAttribute('aria-pressed', String(rate === next.rate));
    tick();
  }
  setInterval(tick, 250);
  return { show, now };
}

function nextMorning(now) {
  const today = Math.floor(now / DAY) * DAY + 8 * 3_600_000;
  return new Date(today > now ? today : today + DAY).toISOString();
}
