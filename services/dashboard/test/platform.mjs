// The whole platform for a browser journey, with nobody set up yet. Prints one line of JSON when it is ready, and ends when its
// standard input does.
import { rmSync } from 'node:fs';
import { createChildren } from '../../../tools/children.mjs';
import { claimInstance, removeInstance } from '../../../tools/instance.mjs';
import { startPlatform } from '../../../tools/launcher/platform.mjs';
import { prepareServers } from '../../../tools/servers.mjs';

const [name = `journey-${process.pid}`, speed = '1'] = process.argv.slice(2);
const instance = await claimInstance(name, { reset: true, temporary: true });
const children = createChildren({ onChange: instance.record, temporary: instance.directory });

async function end(code) {
  await children.endAll();
  removeInstance(name);
  rmSync(instance.directory, { recursive: true, force: true });
  instance.release();
  process.exit(code);
}

process.stdin.resume();
process.stdin.once('end', () => void end(0));
process.once('SIGTERM', () => void end(0));
try {
  const prepared = await prepareServers({ instance });
  // Two markets, so that one is chosen; and one process, as on a small machine: what is seen is the same, for half the work.
  const fewer = { symbols: ['BTC-USDT', 'ETH-USDT'], singleProcess: true };
  const options = { ...fewer, market: 'synthetic', speed: Number(speed), seed: 7, port: 0, healthyMs: 0 };
  const { address, exchange } = await startPlatform({ options, instance, children, prepared });
  const venue = {
    rest: exchange.rest,
    apiKey: instance.secret('exchange.key'),
    secret: instance.secret('exchange.secret'),
  };
  process.stdout.write(`${JSON.stringify({ address, setupToken: instance.secret('setup'), venue })}\n`);
} catch (error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
  await end(1);
}
