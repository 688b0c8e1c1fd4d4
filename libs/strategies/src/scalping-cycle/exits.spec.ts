import { describe, expect, it } from '@jest/globals';
import { Price } from '@scalpstorm/model';
import { fillAll, holding, news, started, told } from '../scene.js';

describe('a stop-loss', () => {
  const stop = { stopLossPercent: '5' };

  it('cancels the resting exit and closes at the market, once the bid is 5 % under the entry', () => {
    const venue = holding(stop);
    expect(told(venue.market('95.01', '95.02'))).toEqual([]);
    expect(told(venue.market('95', '95.01'))).toEqual(['WARNING STOP_LOSS', 'cancel X000000000: replace']);
    expect(news(venue)).toEqual(['close sell 0.999 at market (X000000001, ask 0)']);
    // 0.999 × 95 − 100 − 0.094905
    expect(fillAll(venue)).toContain('cycle 0 net -5.189905');
  });

  it('is decided once: a price that comes back changes nothing, and nothing is sold twice', () => {
    const venue = holding(stop);
    venue.market('94');
    expect(told(venue.market('120'))).toEqual([]);
    expect(told(venue.market('90'))).toEqual([]);
    expect(news(venue)).toEqual(['close sell 0.999 at market (X000000001, ask 0)']);
    expect(told(venue.market('90'))).toEqual([]);
    venue.save();
    expect(told(venue.restart())).toEqual(['reached started: STARTED', 'reached started: STARTED']);
    expect(venue.live).toHaveLength(1);
  });

  it('protects what a partly filled entry has bought: the rest of the entry goes first', () => {
    const venue = started(stop);
    venue.fill(400);
    news(venue);
    expect(told(venue.market('95'))).toEqual(['WARNING STOP_LOSS', 'cancel N000000000: replace']);
    expect(news(venue)).toEqual(['close sell 0.3996 at market (X000000000, ask 0)']);
    expect(fillAll(venue)).toContain('open buy 1 at 100 (N000010000, ask 0)');
  });

  it('closes what is left of an exit that filled in part', () => {
    const venue = holding(stop);
    venue.fill(500);
    news(venue);
    venue.market('95');
    expect(news(venue)).toEqual(['close sell 0.4995 at market (X000000001, ask 0)']);
  });

  it('sells nothing more when the exit filled while its cancel was on the way', () => {
    const venue = holding(stop);
    venue.fill(1000);
    expect(told(venue.market('95'))).toEqual(['WARNING STOP_LOSS', 'cancel X000000000: replace']);
    const after = news(venue);
    expect(after).toContain('SUCCESS CYCLE_COMPLETED');
    expect(after.filter((line) => line.startsWith('close'))).toEqual([]);
  });

  it('stays armed, and the bot goes on closing, however often the venue refuses', () => {
    const venue = holding(stop);
    for (let round = 0; round < 12; round += 1) {
      venue.end('rejected', 'AUTH_REFUSED');
      news(venue);
      venue.pass(31);
    }
    expect(venue.machine.mode).toBe('running');
    const lines = told(venue.effects);
    expect(lines.filter((line) => line.startsWith('ERROR'))).toEqual(['ERROR AUTH_REFUSED', 'ERROR AUTH_REFUSED']);
    expect(lines).toContain('reached waits: WAITS_TO_CLOSE');
    expect(told(venue.market('94'))).toContain('WARNING STOP_LOSS');
    expect(news(venue)).toEqual([expect.stringMatching(/^close sell 0.999 at market/)]);
    expect(fillAll(venue).some((line) => line.startsWith('cycle 0 net -'))).toBe(true);
  });

  it.each(['PRICE_OFF_TICK', 'CURRENCY_NOT_COVERED'])(
    'is not given up by a bot that holds something after %s',
    (code) => {
      const venue = holding(stop);
      venue.denyNext = code;
      venue.market('94');
      expect(news(venue)).toContain(`ERROR ${code}`);
      expect(venue.machine.mode).toBe('running');
      expect(told(venue.pass(0.25))).toEqual([expect.stringMatching(/^close sell 0.999 at market/)]);
    },
  );

  it('works above the entry for a bot that sold first, and looks at the ask', () => {
    const venue = started({ ...stop, firstSide: 'sell' });
    fillAll(venue);
    expect(told(venue.market('115.4', '115.49'))).toEqual([]);
    expect(told(venue.market('115.4', '115.5'))).toContain('WARNING STOP_LOSS');
    expect(news(venue)).toEqual(['close buy 1 at market (X000000001, ask 0)']);
  });

  it('does not look at the dust of earlier cycles', () => {
    const venue = holding({ ...stop, quantity: '0.77777', coolDownSeconds: 60 });
    fillAll(venue);
    expect(venue.machine.books.poolBase).not.toBe('0');
    expect(told(venue.market('50'))).toEqual([]);
  });

  it('decides nothing without a price', () => {
    const venue = holding(stop);
    venue.market('95.5');
    venue.quote = null;
    expect(told(venue.pass(60))).toEqual([]);
  });

  it('is noticed by time when the price fell while nobody listened', () => {
    const venue = holding(stop);
    venue.market('96');
    if (venue.quote) venue.quote = { ...venue.quote, bidPrice: Price.of('90') };
    expect(told(venue.pass(1))).toContain('WARNING STOP_LOSS');
  });

  it('ends the bot when it is told so, and else goes on', () => {
    const ends = holding({ ...stop, afterStopLoss: 'stop' });
    ends.market('95');
    news(ends);
    expect(fillAll(ends)).toContain('reached finished: STOPPED_BY_STOP_LOSS');
    const goesOn = holding(stop);
    goesOn.market('95');
    news(goesOn);
    expect(fillAll(goesOn)).toContain('open buy 1 at 100 (N000010000, ask 0)');
  });

  it('waits while the bot stops by itself: a stopped bot keeps what it holds', () => {
    const venue = holding(stop);
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    news(venue);
    expect(told(venue.market('50'))).toEqual([]);
  });
});

describe('a take-profit', () => {
  it('brings the resting exit nearer, and never further', () => {
    expect(holding({ takeProfitPercent: '2' }).live[0]?.request.price).toBe(Price.of('102'));
    expect(holding({ takeProfitPercent: '20' }).live[0]?.request.price).toBe(Price.of('110'));
  });

  it('lies under the entry of a bot that sold first', () => {
    const venue = started({ firstSide: 'sell', takeProfitPercent: '2' });
    expect(fillAll(venue)).toContain('close buy 1 at 107.8 (X000000000, ask 0)');
  });
});

describe('a trailing exit', () => {
  const trailing = { trailingPercent: '2' };

  it('rests nowhere, follows the best price from the target on, and sells when it falls back', () => {
    const venue = holding(trailing);
    expect(venue.live).toEqual([]);
    expect(told(venue.market('109.99'))).toEqual([]);
    expect(told(venue.market('110'))).toEqual(['INFO TRAILING_ARMED']);
    expect(told(venue.market('120'))).toEqual([]);
    // 120 × 0.98
    expect(told(venue.market('117.61'))).toEqual([]);
    expect(told(venue.market('117.6'))).toEqual([
      'INFO TRAILING_STOP',
      'close sell 0.999 at market (X000000000, ask 0)',
    ]);
    expect(fillAll(venue)).toContain('cycle 0 net 17.3649176');
  });

  it('follows from the entry on when the target is the entry', () => {
    const venue = holding({ ...trailing, sellPrice: { offset: '0', unit: 'bps', from: 'entry' } });
    venue.market('100');
    expect(told(venue.market('98'))).toContain('INFO TRAILING_STOP');
  });

  it('remembers the best price through a restart', () => {
    const venue = holding(trailing);
    venue.market('110');
    venue.market('130');
    venue.save();
    venue.restart();
    expect(told(venue.market('127.4'))).toContain('INFO TRAILING_STOP');
  });

  it('writes a new best price only when it is a step better', () => {
    const venue = holding(trailing);
    venue.market('110');
    const before = venue.state;
    // A step is a twentieth of 2 %: 0.11.
    venue.market('110.1');
    expect(venue.state).toBe(before);
    venue.market('110.11');
    expect(venue.state).not.toBe(before);
  });

  it('falls like the price of a bot that sold first', () => {
    const venue = started({ ...trailing, firstSide: 'sell' });
    fillAll(venue);
    venue.market('99', '100');
    venue.market('89', '90');
    expect(told(venue.market('91', '91.8'))).toContain('INFO TRAILING_STOP');
  });

  it('leaves a take-profit resting above it, and gives way to it', () => {
    const venue = holding({ ...trailing, takeProfitPercent: '30' });
    expect(venue.live[0]?.request.price).toBe(Price.of('130'));
    venue.market('125');
    expect(told(venue.market('122.5'))).toEqual(['INFO TRAILING_STOP', 'cancel X000000000: replace']);
    expect(news(venue)).toEqual(['close sell 0.999 at market (X000000001, ask 0)']);
  });

  it('is not armed by a stop-loss, which holds all the time', () => {
    const venue = holding({ ...trailing, stopLossPercent: '5' });
    expect(told(venue.market('95'))).toEqual(['WARNING STOP_LOSS', 'close sell 0.999 at market (X000000000, ask 0)']);
  });
});
