import { byId, h } from './dom.js';

const SHOWN_MS = 7000;

export function toast(text, look = 'plain') {
  const close = h('button', { type: 'button', class: 'toast-close', 'aria-label': 'Close' }, '×');
  const box = h('div', { class: `toast ${look}`, 'data-testid': 'toast' }, h('span', {}, text), close);
  close.addEventListener('click', () => box.remove());
  byId('toasts').append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}
