// One bare hop of the floor, as a process of its own: nothing but the clients. Started with the role as argument.
import http from 'node:http';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import postgres from 'postgres';
import { WebSocket } from 'ws';

const { TEST_NATS_URL, TEST_NATS_ADMIN_USER, TEST_NATS_ADMIN_PASSWORD, TEST_POSTGRES_URL, FLOOR_WS, FLOOR_REST } =
  process.env;
const subject = { tick: 'floor.tick', asked: 'floor.asked', approved: 'floor.approved' };
const role = process.argv[2];
const nats = await connect({ servers: TEST_NATS_URL, user: TEST_NATS_ADMIN_USER, pass: TEST_NATS_ADMIN_PASSWORD });
const streams = jetstream(nats);

async function consume(stream, work) {
  const consumer = await streams.consumers.get(stream, 'floor');
  const messages = await consumer.consume({ max_messages: 256 });
  for await (const message of messages) {
    await work(message.data);
    message.ack();
  }
}

const roles = {
  async provision() {
    const manager = await jetstreamManager(nats);
    for (const [name, of] of [
      ['FLOOR_ASKED', subject.asked],
      ['FLOOR_APPROVED', subject.approved],
    ]) {
      await manager.streams.add({ name, subjects: [of], storage: 'file' });
      await manager.consumers.add(name, { durable_name: 'floor', ack_policy: AckPolicy.Explicit });
    }
    const sql = postgres(TEST_POSTGRES_URL, { max: 1, onnotice: () => undefined });
    await sql`create table if not exists floor_orders (key text primary key, body text not null)`;
    await sql.end();
    process.exit(0);
  },
  feed() {
    const socket = new WebSocket(FLOOR_WS);
    socket.on('message', (data) => nats.publish(subject.tick, data));
  },
  async decide() {
    for await (const message of nats.subscribe(subject.tick)) await streams.publish(subject.asked, message.data);
  },
  gate: () => consume('FLOOR_ASKED', (data) => streams.publish(subject.approved, data)),
  async execute() {
    const sql = postgres(TEST_POSTGRES_URL, { max: 2, onnotice: () => undefined });
    const agent = new http.Agent({ keepAlive: true });
    await consume('FLOOR_APPROVED', async (data) => {
      const { key } = JSON.parse(new TextDecoder().decode(data));
      await sql.begin((tx) => tx`insert into floor_orders (key, body) values (${key}, 'sending')`);
      const body = `key=${key}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
      http
        .request(`${FLOOR_REST}/floor/order`, { method: 'POST', agent, headers }, (response) => response.resume())
        .end(body);
    });
  },
};
// A role never ends by itself, so it is not awaited.
void roles[role]();
process.stdout.write('ready\n');
process.stdin.on('end', () => process.exit(0)).resume();
