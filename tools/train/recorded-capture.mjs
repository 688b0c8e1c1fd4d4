// A recorded market: one line `<receive ns> <json>`, combined-stream messages of one symbol. Best quotes and trades are read.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { InstrumentId, Price, Quantity, TradeId } from '@scalpstorm/model';
import { Failure } from '../failure.mjs';

const linePattern = /^(\d{13,19}) (\{.*\})$/;
const quoteCurrencies = ['USDT', 'USDC', 'BTC', 'EUR'];

function canonical(symbol) {
  const quote = quoteCurrencies.find((currency) => symbol.endsWith(currency) && symbol.length > currency.length);
  return quote === undefined ? symbol : `${symbol.slice(0, -quote.length)}-${quote}`;
}

function eventOf(line) {
  const match = linePattern.exec(line);
  if (match === null) return undefined;
  const at = Math.floor(Number(match[1]) / 1_000);
  const { stream = '', data } = JSON.parse(match[2]);
  if (data === undefined) return undefined;
  const instrumentId = InstrumentId.of('binance', canonical(data.s ?? ''));
  if (stream.endsWith('@bookTicker') || data.e === 'bookTicker') {
    const prices = { bidPrice: Price.of(data.b), askPrice: Price.of(data.a) };
    const sizes = { bidQuantity: Quantity.of(data.B), askQuantity: Quantity.of(data.A) };
    return { kind: 'quote', at, quote: { instrumentId, ...prices, ...sizes, sequence: data.u, occurredAt: at } };
  }
  // Futures also report transfers of the insurance fund as trades, at price or quantity 0.
  if (data.e !== 'trade' || Number(data.p) === 0 || Number(data.q) === 0) return undefined;
  const amounts = { price: Price.of(data.p), quantity: Quantity.of(data.q) };
  const trade = { instrumentId, tradeId: TradeId.of(String(data.t)), ...amounts, aggressor: data.m ? 'sell' : 'buy' };
  return { kind: 'trade', at, trade: { ...trade, occurredAt: at } };
}

/**
 * @param {string} file plain or `.gz`
 * @returns {Promise<readonly object[]>} market events, as `buildDataset` takes them
 * @throws {Failure} CAPTURE_NOT_READABLE
 */
export async function recordedCapture(file) {
  const raw = createReadStream(file);
  const text = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const events = [];
  let number = 0;
  try {
    // An error of the file itself does not reach who reads what is unpacked of it.
    raw.on('error', (error) => text.destroy(error));
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const event = eventOf(line);
      if (event !== undefined) events.push(event);
    }
  } catch (cause) {
    throw new Failure('CAPTURE_NOT_READABLE', `line ${number}: ${cause.message}`, {
      where: file,
      next: 'give a capture of the form "<receive ns> <json>", one line a message, plain or .gz',
      cause,
    });
  }
  return events;
}
