// The floor of REST: reads a request to its end and answers with the same text, which is as long as that of a filled order.
import { createServer } from 'node:http';

const body = JSON.stringify({
  symbol: 'BTCUSDT',
  orderId: 179_524_378_960_201,
  orderListId: -1,
  clientOrderId: 'bench1',
  transactTime: 1_795_243_790_515,
  price: '63000.00000000',
  origQty: '0.00100000',
  executedQty: '0.00100000',
  origQuoteOrderQty: '0.00000000',
  cummulativeQuoteQty: '60.00000000',
  status: 'FILLED',
  timeInForce: 'GTC',
  type: 'LIMIT',
  side: 'BUY',
  workingTime: 1_795_243_790_515,
  fills: [{ price: '60000.00000000', qty: '0.00100000', commission: '0.00000100', commissionAsset: 'BTC', tradeId: 1 }],
  selfTradePreventionMode: 'EXPIRE_MAKER',
});

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ rest: `http://127.0.0.1:${server.address().port}` })}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
