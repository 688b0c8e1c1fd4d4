import type { Page } from 'playwright-core';

/** What was painted in the colours of a gain and a loss: bodies of candles, and the arrows of what was bought and sold. */
interface Drawn {
  readonly candles: number;
  readonly bought: number;
  readonly sold: number;
}

/**
 * Looks over the shoulder of every canvas of the page. The library paints a candle as rectangles and a mark as a shape with corners;
 * what it paints on is cleared at each picture, so that what is gone is counted no more.
 */
const watch = `(() => {
  const brush = CanvasRenderingContext2D.prototype;
  const pictures = window.pictures = new Map();
  const corners = new WeakMap();
  const note = (context, kind) => {
    const picture = pictures.get(context) ?? { rectangles: [], shapes: [] };
    pictures.set(context, picture);
    picture[kind].push(context.fillStyle);
  };
  const tap = (name, before) => {
    const original = brush[name];
    brush[name] = function (...given) {
      before(this, given);
      return original.apply(this, given);
    };
  };
  tap('clearRect', (context) => pictures.delete(context));
  tap('fillRect', (context) => note(context, 'rectangles'));
  tap('beginPath', (context) => corners.set(context, 0));
  tap('lineTo', (context) => corners.set(context, (corners.get(context) ?? 0) + 1));
  tap('fill', (context) => { if ((corners.get(context) ?? 0) > 2) note(context, 'shapes'); });
})()`;

export async function watchCanvases(page: Page): Promise<void> {
  await page.addInitScript(watch);
}

/** Of the chart of this name alone: its scales have canvases of their own, and no arrow is on them. */
export const drawnIn = (page: Page, label: RegExp): Promise<Drawn> =>
  page.getByRole('img', { name: label }).evaluate(
    new Function(
      'chart',
      `const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      const [up, down] = [colour('--up'), colour('--down')];
      const here = [...window.pictures].filter(([{ canvas }]) => chart.contains(canvas)).map(([, picture]) => picture);
      const count = (kind, ...colours) =>
        here.flatMap((picture) => picture[kind]).filter((style) => colours.includes(style)).length;
      return {
        candles: count('rectangles', up, down),
        bought: count('shapes', up),
        sold: count('shapes', down),
      };`,
    ) as (chart: unknown) => Drawn,
  );
