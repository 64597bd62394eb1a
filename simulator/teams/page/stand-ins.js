import { h } from './dom.js';
import { lineChart } from './line-chart.js';

const GLYPHS = {
  checkmark: '✔',
  checkmarkcircle: '✔',
  dismiss: '✖',
  dismisscircle: '✖',
  errorcircle: '✖',
  warning: '▲',
  info: 'ℹ',
  clock: '◷',
  hourglass: '◷',
  circle: '○',
  play: '▶',
  pause: '❚❚',
  stop: '■',
  shield: '⛨',
  shieldcheckmark: '⛨',
  arrowright: '→',
  person: '☺',
  server: '▤',
};
const word = (value, fallback) =>
  String(value ?? fallback)
    .toLowerCase()
    .replace(/[^a-z]/g, '');

const DRAWN = {
  Badge: ({ text, style, appearance, shape, size, icon, tooltip }) =>
    h(
      'span',
      {
        class: `tf-badge ${word(style, 'default')} ${word(appearance, 'filled')} ${word(shape, 'circular')} ${word(size, 'medium')}`,
        title: tooltip,
        'data-testid': 'badge',
      },
      icon ? h('span', { 'aria-hidden': 'true' }, GLYPHS[word(icon)] ?? '•') : null,
      String(text ?? ''),
    ),
  ProgressBar: ({ value, max, color }) => {
    const most = Number(max ?? 100) || 100;
    const share = Math.min(1, Math.max(0, Number(value ?? 0) / most));
    const fill = h('span', { class: 'tf-progress-fill' });
    fill.style.width = `${share * 100}%`;
    const label = `${Math.round(share * 100)} %`;
    return h(
      'div',
      {
        class: `tf-progress ${word(color, 'accent')}`,
        role: 'progressbar',
        'aria-valuemin': 0,
        'aria-valuemax': most,
        'aria-valuenow': value ?? 0,
        'aria-label': label,
      },
      fill,
    );
  },
  ProgressRing: ({ label }) =>
    h('div', { class: 'tf-ring', role: 'progressbar', 'aria-label': label ?? 'Busy' }, h('span', { class: 'spinner' }), label ?? ''),
  Icon: ({ name, color, size }) =>
    h('span', { class: `tf-icon ${word(color, 'default')} ${word(size, 'standard')}`, 'aria-hidden': 'true' }, GLYPHS[word(name)] ?? '◆'),
  CodeBlock: ({ codeSnippet }) => h('pre', { class: 'tf-code', tabindex: 0 }, String(codeSnippet ?? '')),
  'Chart.Line': lineChart,
};

/** A registry with the library's elements and simple drawings of those only Teams has. */
export function registerStandIns(library) {
  const registry = new library.CardObjectRegistry();
  library.GlobalRegistry.populateWithDefaultElements(registry);
  for (const [name, draw] of Object.entries(DRAWN)) registry.register(name, standIn(library, name, draw));
  return registry;
}

function standIn(library, name, draw) {
  return class extends library.CardElement {
    getJsonTypeName() {
      return name;
    }
    internalParse(source, context) {
      super.internalParse(source, context);
      this.source = source;
    }
    internalRender() {
      return h('div', { class: 'tf-element' }, draw(this.source));
    }
  };
}
