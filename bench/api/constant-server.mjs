import Fastify from 'fastify';

const row = {
  id: 'bot_00000001',
  name: 'constant',
  strategy: 'scalping-cycle',
  pnl: '0',
  parameters: { quantity: '0.001' },
};
const body = JSON.stringify({ data: Array.from({ length: 20 }, () => row), hasMore: false, nextCursor: null });

const server = Fastify();
server.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
const url = await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ url })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
