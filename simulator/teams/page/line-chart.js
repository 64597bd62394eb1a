import { h } from './dom.js';

const WIDTH = 560;
const HEIGHT = 200;
const MARGIN = { left: 34, right: 12, top: 12, bottom: 24 };
const NS = 'http://www.w3.org/2000/svg';

/** A plain line chart of `data: [{ legend, values: [{ x, y }] }]`. */
export function lineChart({ title, data }) {
  const series = Array.isArray(data) ? data : [];
  const points = series.flatMap(({ values }) => values ?? []);
  const top = Math.max(1, ...points.map(({ y }) => Number(y) || 0));
  const labels = [...new Set(points.map(({ x }) => String(x)))];
  const across = (x) => MARGIN.left + (labels.indexOf(String(x)) * (WIDTH - MARGIN.left - MARGIN.right)) / Math.max(1, labels.length - 1);
  const up = (y) => HEIGHT - MARGIN.bottom - ((Number(y) || 0) * (HEIGHT - MARGIN.top - MARGIN.bottom)) / top;

  const chart = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': String(title ?? 'Line chart') });
  for (const y of [0, top / 2, top]) {
    chart.append(shape('line', { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: up(y), y2: up(y), class: 'grid' }));
    chart.append(shape('text', { x: MARGIN.left - 6, y: up(y) + 4, 'text-anchor': 'end' }, String(Math.round(y))));
  }
  for (const label of labels) chart.append(shape('text', { x: across(label), y: HEIGHT - 6, 'text-anchor': 'middle' }, label));
  for (const [index, { values }] of series.entries()) {
    const path = (values ?? []).map(({ x, y }) => `${across(x)},${up(y)}`).join(' ');
    chart.append(shape('polyline', { points: path, class: `line-${index % 4}` }));
  }
  const legend = series.map(({ legend: name }, index) => h('span', { class: `legend line-${index % 4}` }, String(name ?? '')));
  return h(
    'figure',
    { class: 'tf-chart' },
    title ? h('figcaption', {}, String(title)) : null,
    chart,
    h('div', { class: 'legends' }, legend),
  );
}

function shape(tag, attributes, text) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}
