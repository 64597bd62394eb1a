import { avatar, byId, h } from './dom.js';

/** The list of people one can speak as: arrow keys move, like any group of radio buttons. */
export function showPeople(state, choose) {
  const list = byId('people');
  const key = JSON.stringify([state.me.id, state.people]);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...state.people.map((person) => row(person, person.id === state.me.id, choose)));
  if (hadFocus) list.querySelector('[aria-checked="true"]')?.focus();
  byId('me').replaceChildren(avatar(state.me.name, state.me.id), h('span', { class: 'me-name' }, state.me.name));
  byId('me').setAttribute('aria-label', `Speaking as ${state.me.name}. Choose somebody else.`);

  list.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = state.people.findIndex(({ id }) => id === state.me.id);
    choose(state.people[(index + step + state.people.length) % state.people.length].id);
  };
}

function row(person, chosen, choose) {
  const role = person.isGuest && person.role !== 'guest' ? `${person.role}, guest` : person.role;
  return h(
    'button',
    {
      type: 'button',
      class: 'person',
      role: 'radio',
      'aria-checked': String(chosen),
      tabindex: chosen ? 0 : -1,
      'data-testid': `person-${person.id}`,
      onclick: () => choose(person.id),
    },
    avatar(person.name, person.id),
    h('span', { class: 'person-text' }, h('span', { class: 'person-name' }, person.name), h('span', { class: 'person-role' }, role)),
  );
}
