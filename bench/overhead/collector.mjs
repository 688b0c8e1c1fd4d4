// Takes spans and forgets them, and asks for metrics as often as a Prometheus would.
import { once } from 'node:events';
import { createServer } from 'node:http';

const scrapeEveryMs = 5_000;

export async function startCollector() {
  let spans = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      spans += Buffer.concat(chunks).toString().split('"spanId"').length - 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    spans: () => spans,
    /** @param {readonly string[]} addresses of the operations ports @returns how to stop */
    scrape: (addresses) => {
      const ask = (address) => fetch(`${address}/metrics`).then((page) => page.text());
      const timer = setInterval(() => void Promise.allSettled(addresses.map(ask)), scrapeEveryMs);
      return () => clearInterval(timer);
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
