import type { Instrument } from '@scalpstorm/model';
import { StrategyCatalogue } from '@scalpstorm/strategies';
import { type Fault, type Prepared, prepare, type Runnable, strategyRests } from '../domain/prepare.js';
import type { StoredBot } from '../ports/bot-store.js';
import { type AskCertificate, certifiedBy } from './ask-certificate.js';

/** Makes stored bots ready to run. One at work that may not trade live any more is run so that it opens nothing. */
export class PrepareBot {
  /** @param certificate null: nobody is asked for one */
  constructor(
    private readonly catalogue: StrategyCatalogue = new StrategyCatalogue(),
    private readonly certificate: AskCertificate | null = null,
  ) {}

  async prepare(stored: StoredBot, instrument: Instrument | null): Promise<Prepared> {
    const prepared = prepare(stored, instrument, this.catalogue);
    // One at rest is asked when it is started; one that ended in error may have been cut off at work.
    if (!prepared.ok || prepared.runnable.withheld !== undefined || stored.bot.observed === 'stopped') return prepared;
    const { memory, runnable } = prepared;
    const { userId, config } = stored.bot;
    const wanted = { userId, config, configured: runnable.configured };
    const verdict = await this.certificate?.verdictAgain(wanted, memory.certified);
    if (verdict === undefined) return prepared;
    if (verdict.ok) return { ok: true, memory, runnable: { ...runnable, ...certifiedBy(verdict) } };
    const { code, text, next } = verdict.refusal;
    const fault = verdict.passing ? strategyRests(text) : { code, text, next, passing: false };
    return { ok: true, memory, runnable: withheld(runnable, fault) };
  }
}

/** The rule is heard when it wants to leave. */
function withheld(runnable: Runnable, fault: Fault): Runnable {
  const reason = `Its rule is not known to be the one that it was started with: ${fault.text}. Nothing is opened; what is held is closed.`;
  const text = `${reason} ${fault.passing ? fault.next : `${fault.next}, then start it again.`}`;
  const configured = runnable.configured.withhold?.({ code: 'WAITS_FOR_CERTIFICATE', text, hears: true });
  return { ...runnable, configured: configured ?? runnable.configured, withheld: fault };
}
