import { botsAndPnl } from './bots-and-pnl.ts';
import { kafka } from './kafka.ts';
import { orderPath } from './order-path.ts';
import { dashboardOf } from './panels.ts';
import { platform } from './platform.ts';
import { venuesAndFeeds } from './venues-and-feeds.ts';

/** Every dashboard as the file that Grafana reads. */
export function dashboardFiles(): readonly { readonly name: string; readonly text: string }[] {
  return [platform, orderPath, botsAndPnl, venuesAndFeeds, kafka].map((plan) => ({
    name: `${plan.uid}.json`,
    text: `${JSON.stringify(dashboardOf(plan), null, 2)}\n`,
  }));
}
