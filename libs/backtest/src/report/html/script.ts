import type { Gappy } from '../window-plots.js';

/** One line of a chart, as it is told where the pointer is. */
export interface HoverLine {
  readonly name: string;
  /** Which of the columns of times. */
  readonly time: number;
  readonly values: Gappy;
  readonly unit: string;
}

export interface HoverData {
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly (readonly number[])[];
  readonly charts: Readonly<
    Record<string, { readonly from: number; readonly to: number; readonly lines: readonly HoverLine[] }>
  >;
}

export const hoverDataId = 'chart-data';

/** Eight digits are more than anybody reads off a chart. */
export const forHover = (values: Gappy): Gappy =>
  values.map((value) => (value === null ? null : Number(value.toPrecision(8))));

/**
 * Tells the values below the pointer. Without it the page says the same in words and tables. It sets text and never markup, and asks no
 * network.
 */
export const script = `(() => {
  const data = JSON.parse(document.getElementById('${hoverDataId}').textContent);
  const nearest = (times, at) => {
    let low = 0, high = times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] <= at) low = middle; else high = middle;
    }
    return at - times[low] <= times[high] - at ? low : high;
  };
  const said = (value) => value === null ? '\u2013' : value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 1 ? 6 : 2 });
  for (const [id, { from, to, lines }] of Object.entries(data.charts)) {
    const frame = document.querySelector('#' + id + ' .frame');
    const plot = frame && frame.querySelector('.plot');
    if (!plot) continue;
    const readout = frame.appendChild(document.createElement('p'));
    readout.className = 'readout';
    readout.setAttribute('aria-hidden', 'true');
    const cross = plot.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'line'));
    cross.setAttribute('class', 'cross');
    cross.setAttribute('y1', '0');
    const leave = () => { readout.textContent = ''; cross.setAttribute('y2', '0'); };
    const move = (event) => {
      const box = plot.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      const at = from + share * (to - from);
      const place = (line) => nearest(data.times[line.time], at);
      const first = lines[0];
      const moment = new Date(data.times[first.time][place(first)]).toISOString().slice(0, 16).replace('T', ' ');
      const told = lines.map((line) => line.name + ' ' + said(line.values[place(line)]) + line.unit);
      readout.textContent = [moment, ...told].join('  ·  ');
      cross.setAttribute('x1', 100 * share + '%');
      cross.setAttribute('x2', 100 * share + '%');
      cross.setAttribute('y2', String(box.height - 24));
    };
    plot.addEventListener('pointermove', move);
    plot.addEventListener('pointerdown', move);
    plot.addEventListener('pointerleave', leave);
  }
})();`;
