// node examples/grpc/bots.mjs: who I am, my bots, what a refusal looks like, and the first live frame.
// GRPC_ADDRESS (127.0.0.1:50051) and SCALPSTORM_TOKEN, an access token or an API key.

import { BotService } from './generated/scalpstorm/api/v1/bots_pb.js';
import { UserService } from './generated/scalpstorm/api/v1/platform_pb.js';
import { FrameType, StreamService } from './generated/scalpstorm/api/v1/stream_pb.js';
import { clientOf } from './grpc-client.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const to = { address: process.env.GRPC_ADDRESS ?? '127.0.0.1:50051', token: process.env.SCALPSTORM_TOKEN };
const users = clientOf(UserService, to);
const bots = clientOf(BotService, to);
const live = clientOf(StreamService, to);

const { user } = await users.getMe();
say(`I am ${user.email}, ${user.role}`);

const { data } = await bots.listBots({ limit: 10 });
for (const { id, name, observed, pnl, currency } of data) say(`${id} ${name}: ${observed}, ${pnl} ${currency}`);

try {
  // The same key twice is the same command once, also over HTTP.
  await bots.startBot({ id: 'bot_00000000' }, { 'idempotency-key': crypto.randomUUID() });
} catch ({ code, problem }) {
  say(`refused: gRPC ${code}, ${problem.code}: ${problem.detail}`);
}

const frames = live.watch({ channels: ['bots'] });
frames.once('data', ({ type, channel, seq, epoch, rows }) => {
  say(`${FrameType[type]} of ${channel}, number ${seq} of ${epoch}: ${rows.length} rows`);
  frames.cancel();
});
// Ends with CANCELLED, because we said so.
await new Promise((resolve) => frames.once('error', resolve));
for (const client of [users, bots, live]) client.close();
