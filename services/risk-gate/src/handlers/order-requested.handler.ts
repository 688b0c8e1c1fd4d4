import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type OrderRequested, orderRequested } from '@scalpstorm/contracts';
import { Log, Metrics } from '@scalpstorm/observability';
import { Instruments } from '../ports/standing-source.js';
import { type Verdict, Verdicts } from '../ports/verdicts.js';
import { Gate } from './gate.js';

/** A request in, exactly one verdict out, however often it is asked or delivered. */
@Controller()
export class OrderRequestedHandler {
  private readonly decided;
  private readonly decisionSeconds;

  constructor(
    private readonly gate: Gate,
    private readonly verdicts: Verdicts,
    private readonly instruments: Instruments,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.decided = metrics.counter({
      name: 'risk_verdicts_total',
      help: 'Verdicts by kind and code.',
      labels: ['kind', 'code'],
    });
    this.decisionSeconds = metrics.histogram({ name: 'risk_decision_seconds', help: 'Judging one request.' });
  }

  @Hears(orderRequested, { keyOf: (event) => event.order.clientOrderId })
  async handle({ meta, order, ask }: OrderRequested): Promise<Outcome> {
    await this.knowInstrument(order);
    const given = this.verdicts.of(order.clientOrderId);
    const verdict = given ?? this.judge(order);
    const { first } = await this.verdicts.tell(order, verdict, {
      causedBy: meta.eventId,
      repeat: given === null ? 0 : ask,
    });
    if (given === null && !first) {
      // An earlier life of the gate answered; its verdict stands, and a reservation of ours ends with the approval's time.
      this.log.info({ clientOrderId: order.clientOrderId }, 'the request had its verdict already');
    }
    return done;
  }

  /** A newly listed one is asked for once; when nobody answers, the gate judges by what it knows. */
  private async knowInstrument({ instrumentId, clientOrderId }: OrderRequested['order']): Promise<void> {
    if (this.instruments.get(instrumentId)) return;
    await this.instruments.refresh().catch((error) => {
      this.log.warn({ clientOrderId, instrumentId, error }, 'the instrument could not be asked for');
    });
  }

  private judge(order: OrderRequested['order']): Verdict {
    const began = performance.now();
    const verdict = this.gate.judge(order);
    this.decisionSeconds.observe((performance.now() - began) / 1e3);
    const code = verdict.kind === 'denied' ? verdict.denial.code : 'NONE';
    this.decided.inc({ kind: verdict.kind, code });
    return verdict;
  }
}
