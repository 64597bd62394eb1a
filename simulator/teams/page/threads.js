import { fillCompose } from './compose.js';
import { h } from './dom.js';
import { drawMessage } from './message.js';

/** Keeps the list of threads in step with the messages: what did not change is left alone, with what was typed into it. */
export function createThreads(list, { reply, seen, names }) {
  const threads = new Map();
  const nodes = new Map();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) seen(entry.target.dataset.message);
  });

  function thread(id) {
    const known = threads.get(id);
    if (known) return known;
    const root = h('div', { class: 'root' });
    const replies = h('div', { class: 'replies' });
    const form = h('form', { class: 'compose inline', 'aria-label': 'Reply', hidden: true });
    const open = h('button', { type: 'button', class: 'reply', 'data-testid': `reply-${id}` }, 'Reply');
    open.addEventListener('click', () => {
      form.hidden = false;
      open.hidden = true;
      const send = async (text) => reply(text, id);
      fillCompose(form, { id: `reply-text-${id}`, label: 'Reply', placeholder: 'Reply…', names, send }).focus();
    });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      form.hidden = true;
      open.hidden = false;
      open.focus();
    });
    const made = {
      node: h('section', { class: 'thread', 'data-testid': `thread-${id}`, 'data-order': id }, root, replies, h('footer', {}, open, form)),
      root,
      replies,
    };
    threads.set(id, made);
    place(list, made.node);
    return made;
  }

  return {
    show: (messages, look) => {
      for (const message of messages) {
        const key = JSON.stringify([message, look.theme, look.features, look.me.id]);
        const known = nodes.get(message.id);
        if (known?.key === key) continue;
        const node = drawMessage(message, look);
        node.dataset.order = message.id;
        if (known) {
          watcher.unobserve(known.node);
          known.node.replaceWith(node);
        } else place(message.id === message.threadId ? thread(message.threadId).root : thread(message.threadId).replies, node);
        nodes.set(message.id, { key, node });
        if (message.refreshes && message.view === 'base') watcher.observe(node);
      }
      list.classList.toggle('empty', !nodes.size);
    },
    clear: () => {
      watcher.disconnect();
      threads.clear();
      nodes.clear();
      list.replaceChildren();
    },
    node: (id) => nodes.get(id)?.node,
  };
}

function place(parent, node) {
  const after = [...parent.children].find((child) => Number(child.dataset.order) > Number(node.dataset.order));
  parent.insertBefore(node, after ?? null);
}
