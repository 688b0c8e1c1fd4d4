import { type Html, html, type Part } from './html.js';
import { plotWidth } from './path.js';
import type { Tick } from './scale.js';

export interface FrameOptions {
  readonly id: string;
  readonly title: string;
  /** What the vertical axis counts, in which unit; and the horizontal one. */
  readonly axis: string;
  readonly across: string;
  /** What is to be seen, for people who listen. */
  readonly told: string;
  readonly height: number;
  readonly upTicks: readonly Tick[];
  readonly acrossTicks: readonly Tick[];
  readonly key?: readonly KeyEntry[];
  /** Stretched to the width of the screen: shapes without letters. */
  readonly stretched: Part;
  /** Placed by percentages across: letters and marks, which keep their form. */
  readonly placed?: Part;
}

export interface KeyEntry {
  /** A class of the style, that has the colour and form. */
  readonly sign: string;
  readonly text: string;
}

/** Below the plot, for the horizontal axis. */
const footing = 24;

/**
 * A chart that is as wide as the screen and whose letters keep their size: shapes are in a picture that is stretched, letters and marks are
 * placed by percentages.
 */
export function frame(options: FrameOptions): Html {
  const { id, title, axis, across, told, height, upTicks, acrossTicks, key = [], stretched, placed = null } = options;
  return html`<figure class="chart" id="${id}">
<figcaption><h3>${title}</h3><p class="axes">${axis} · ${across}</p>${key.length > 0 && keyOf(key)}</figcaption>
<div class="frame" role="img" aria-label="${told}">
<svg class="scale" width="64" height="${height + footing}" aria-hidden="true">${upTicks.map(
    ({ place, text }) => html`<text x="56" y="${round((1 - place) * height + 4)}">${text}</text>`,
  )}</svg>
<svg class="plot" width="100%" height="${height + footing}" aria-hidden="true">
<g class="grid">${upTicks.map(({ place }) => {
    const y = round((1 - place) * height);
    return html`<line x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  })}</g>
<svg class="stretched" width="100%" height="${height}" viewBox="0 0 ${plotWidth} ${height}" preserveAspectRatio="none">${stretched}</svg>
${placed}
<g class="across">${acrossTicks.map(({ place, text }, at) => acrossTick(place, text, { at, height }))}</g>
</svg></div></figure>`;
}

function acrossTick(place: number, text: string, { at, height }: { at: number; height: number }): Html | null {
  // A label at the very edge would be cut off.
  if (place < 0.03 || place > 0.97) return null;
  return html`<text class="${at % 2 === 0 ? 'major' : 'minor'}" x="${share(place)}" y="${height + 17}">${text}</text>`;
}

const keyOf = (key: readonly KeyEntry[]): Html =>
  html`<ul class="key">${key.map(
    ({ sign, text }) =>
      html`<li><svg width="22" height="12" aria-hidden="true"><use href="#sign-${sign}"/></svg>${text}</li>`,
  )}</ul>`;

const round = (value: number): number => Math.round(value * 10) / 10;

/** A place from 0 to 1 as a percentage. */
export const share = (place: number): string => `${Math.round(place * 100_000) / 1_000}%`;
