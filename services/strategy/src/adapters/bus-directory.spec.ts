import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Bus, NoAnswer } from '@scalpstorm/bus';
import { type AccountRequest, accountQuestion } from '@scalpstorm/contracts';
import { type Account, AccountId, type FeeRates } from '@scalpstorm/model';
import { anAccount, anInstrument } from '@scalpstorm/testkit';
import { BusDirectory } from './bus-directory.js';

const instrument = anInstrument();
const account = (id: string): Account => ({ ...anAccount(), id: AccountId.of(id), venue: instrument.venue });
const rates = (maker: string, taker: string): FeeRates => ({
  instrumentId: instrument.id,
  makerFeeRate: maker,
  takerFeeRate: taker,
});

/** Market data and execution, as far as a directory asks them. */
class Answering {
  accounts: readonly Account[] = [account('one')];
  fees: Readonly<Record<string, FeeRates>> = {};
  executionAnswers = true;
  asked = 0;

  async ask(question: object, request: unknown): Promise<unknown> {
    this.asked += 1;
    if (question !== accountQuestion) return { instruments: [instrument], lastPrices: [] };
    if (!this.executionAnswers) throw new NoAnswer('NO_RESPONDER', 'execution.ask.v1');
    const { kind, accountId } = request as AccountRequest;
    const fees = kind === 'fees' && this.fees[accountId] !== undefined ? [this.fees[accountId]] : [];
    return { ok: true, value: { accounts: this.accounts, balances: [], positions: [], differences: [], fees } };
  }
}

describe('the directory of a strategy', () => {
  let answering: Answering;
  let directory: BusDirectory;
  beforeEach(() => {
    answering = new Answering();
    directory = new BusDirectory(answering as unknown as Bus);
  });

  it('gives an instrument with the fees that its account really pays, also to the hot path', async () => {
    answering.fees = { one: rates('0.0002', '0.0004') };
    expect(await directory.instrument(instrument.id, 'one')).toMatchObject({
      makerFeeRate: '0.0002',
      takerFeeRate: '0.0004',
    });
    expect(directory.knownInstrument(instrument.id, 'one')?.takerFeeRate).toBe('0.0004');
  });

  it('asks once for many who want the same at once', async () => {
    answering.fees = { one: rates('0.0002', '0.0004') };
    await Promise.all(Array.from({ length: 100 }, () => directory.instrument(instrument.id, 'one')));
    // The instruments, the accounts, and the fees of the one account.
    expect(answering.asked).toBe(3);
  });

  it('asks for the accounts once for all who want them at once, and anew for who comes later', async () => {
    const first = Promise.all([directory.accounts(), directory.accounts()]);
    await Promise.resolve().then(() => undefined);
    answering.accounts = [account('one'), account('added')];
    const later = directory.accounts();
    expect((await first).flat()).toHaveLength(2);
    expect((await later).map(({ id }) => id)).toEqual(['one', 'added']);
    expect(answering.asked).toBe(2);
  });

  it('tells who names no account the dearest fees of the venue', async () => {
    answering.accounts = [account('one'), account('two')];
    answering.fees = { one: rates('0.0002', '0.0009'), two: rates('0.0005', '0.0004') };
    expect(await directory.instrument(instrument.id)).toMatchObject({ makerFeeRate: '0.0005', takerFeeRate: '0.0009' });
  });

  it('keeps the usual fees while execution does not answer, and learns the true ones at the next refresh', async () => {
    answering.executionAnswers = false;
    expect((await directory.instrument(instrument.id))?.makerFeeRate).toBe(instrument.makerFeeRate);
    answering.executionAnswers = true;
    answering.fees = { one: rates('0', '0.0001') };
    expect((await directory.instrument(instrument.id))?.makerFeeRate).toBe('0');
    answering.fees = { one: rates('0.0003', '0.0003') };
    await directory.refresh();
    expect(directory.knownInstrument(instrument.id)?.makerFeeRate).toBe('0.0003');
  });
});
