import { setTimeout as delay } from 'node:timers/promises';

const lookMs = 250;
const firesMsMax = 180_000;
const healsMsMax = 180_000;
const heartbeatMsMax = 60_000;
const alert = 'FeedStale';

async function until(found, boundMs) {
  const end = Date.now() + boundMs;
  for (;;) {
    const value = found();
    if (value !== undefined) return value;
    if (Date.now() > end) return undefined;
    await delay(lookMs);
  }
}

/**
 * Stops the exchange, whose feed then goes stale; waits for the page, lets the exchange go on, and waits for the all-clear.
 * @param {{instance: object, told: readonly object[]}} run `told`: what the receiver of the webhooks hears
 * @returns {Promise<{alert: string, toldMs?: number, healedMs?: number, failed: readonly {where: string, why: string}[]}>}
 */
export async function stopAndHeal({ instance, told }) {
  const { pid } = instance.recorded().find(({ name }) => name === 'sim-exchange');
  const heard = (status) => told.find((one) => one.labels.alertname === alert && one.status === status);
  const failed = (why) => [{ where: `journey of ${alert}`, why }];
  const stoppedAt = Date.now();
  process.kill(pid, 'SIGSTOP');
  let page;
  try {
    page = await until(() => heard('firing'), firesMsMax);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  if (page === undefined) return { alert, failed: failed(`nobody was told in ${firesMsMax / 1_000} s`) };
  const { receiver, annotations } = page;
  if (receiver !== 'pages' || !annotations.summary || !annotations.runbook_url?.endsWith(`/${alert}.md`))
    return { alert, failed: failed(`what was told is not whole: ${JSON.stringify(page)}`) };
  const wentOnAt = Date.now();
  const clear = await until(() => heard('resolved'), healsMsMax);
  const times = { alert, toldMs: page.at - stoppedAt };
  if (clear === undefined) return { ...times, failed: failed(`no all-clear in ${healsMsMax / 1_000} s`) };
  return { ...times, healedMs: clear.at - wentOnAt, failed: [] };
}

/** Whether the alert that always fires has arrived where it is expected. @returns {Promise<readonly {where: string, why: string}[]>} */
export async function heartbeatFaults(told, boundMs = heartbeatMsMax) {
  const isBeat = ({ receiver, labels }) => receiver === 'heartbeat' && labels.alertname === 'Watchdog';
  const beat = await until(() => told.find(isBeat), boundMs);
  return beat === undefined ? [{ where: 'Watchdog', why: `no heartbeat in ${boundMs / 1_000} s` }] : [];
}
