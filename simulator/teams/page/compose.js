import { avatar, h } from './dom.js';

/**
 * A message box: Enter sends, Shift+Enter breaks the line, `@` offers names.
 * `send(text)` resolves when the message is posted; `names()` lists who can be mentioned as `{ name, id, isBot }`.
 */
export function fillCompose(form, { id, label, placeholder, names, send }) {
  const area = h('textarea', {
    id,
    rows: 1,
    'aria-label': label,
    placeholder,
    'aria-autocomplete': 'list',
    'aria-controls': `${id}-names`,
    'data-testid': id,
  });
  const popup = h('ul', { class: 'names', id: `${id}-names`, role: 'listbox', 'aria-label': 'People to mention', hidden: true });
  const button = h(
    'button',
    { type: 'submit', class: 'send', 'aria-label': 'Send', 'data-testid': `${id}-send` },
    h('span', { 'aria-hidden': 'true' }, '➤'),
  );
  const at = h('button', { type: 'button', class: 'icon-button at', 'aria-label': 'Mention somebody' }, '@');
  form.replaceChildren(popup, h('div', { class: 'box' }, area, at, button));
  let offered = [];
  let chosen = 0;

  const grow = () => {
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
  };
  const word = () => /(?:^|\s)@([^@\n]{0,40})$/.exec(area.value.slice(0, area.selectionStart));

  function offer() {
    const typed = word()?.[1].toLowerCase();
    offered = typed === undefined ? [] : names().filter(({ name }) => name.toLowerCase().startsWith(typed) && name.toLowerCase() !== typed);
    chosen = Math.min(chosen, Math.max(0, offered.length - 1));
    popup.hidden = !offered.length;
    popup.replaceChildren(
      ...offered.slice(0, 6).map((one, index) =>
        h(
          'li',
          {
            id: `${id}-name-${index}`,
            role: 'option',
            'aria-selected': String(index === chosen),
            'data-testid': 'name',
            onpointerdown: (event) => pick(event, index),
          },
          avatar(one.name, one.id, one.isBot),
          one.name,
        ),
      ),
    );
    if (offered.length) area.setAttribute('aria-activedescendant', `${id}-name-${chosen}`);
    else area.removeAttribute('aria-activedescendant');
  }
  function pick(event, index) {
    event?.preventDefault();
    const end = area.selectionStart;
    const start = end - word()[1].length;
    area.setRangeText(`${offered[index].name} `, start, end, 'end');
    area.focus();
    offer();
    grow();
  }
  async function submit(event) {
    event?.preventDefault();
    const text = area.value.trim();
    if (!text) return;
    area.value = '';
    grow();
    offer();
    const posted = await send(text);
    if (!posted && !area.value) area.value = text;
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Tab: () => pick(undefined, chosen),
    Enter: () => pick(undefined, chosen),
    Escape: () => {
      offered = [];
      popup.hidden = true;
    },
  };
  function move(step) {
    chosen = (chosen + step + offered.length) % offered.length;
    offer();
  }
  area.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const key = offered.length && !popup.hidden && !event.shiftKey ? keys[event.key] : undefined;
    if (key) {
      event.preventDefault();
      key();
    } else if (event.key === 'Enter' && !event.shiftKey) void submit(event);
  });
  area.addEventListener('input', () => {
    grow();
    chosen = 0;
    offer();
  });
  area.addEventListener('blur', () => {
    popup.hidden = true;
  });
  at.addEventListener('click', () => {
    const before = area.value && !/\s$/.test(area.value) ? ' @' : '@';
    area.setRangeText(before, area.selectionStart, area.selectionEnd, 'end');
    area.focus();
    offer();
  });
  form.onsubmit = submit;
  return area;
}
