import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { botQuestion, orderChanged, orderDenied, quoteChanged } from '@scalpstorm/contracts';
import { BrokenInvariant } from '@scalpstorm/kernel';
import type { Observable } from 'rxjs';
import { Answers, Hears, Listens } from './handlers.js';
import { done, type Outcome } from './outcome.js';
import type { MessageContext } from './receiver.js';
import { MemoryBroker } from './testing/memory-broker.js';
import { MemoryBus } from './testing/memory-bus.js';
import { MemoryBusModule } from './testing/memory-bus.module.js';
import { type Note, note, noteContract, textQuestion } from './testing/note.js';
import { until } from './testing/until.js';
import { ScalpstormTransport } from './transport.js';

const denied = noteContract(orderDenied);
const changed = noteContract(orderChanged);
const quoted = noteContract(quoteChanged);
const question = textQuestion(botQuestion);

@Injectable()
class Diary {
  readonly lines: string[] = [];
}

@Injectable()
class OnlyDemo implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToRpc().getData<Note>().account === 'demo';
  }
}

@Injectable()
class WithInterceptor implements NestInterceptor {
  constructor(private readonly diary: Diary) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.diary.lines.push('intercepted');
    return next.handle();
  }
}

@Controller()
class DiaryController {
  constructor(private readonly diary: Diary) {}

  @Hears(denied)
  @UseInterceptors(WithInterceptor)
  async onDenied(event: Note, context: MessageContext): Promise<Outcome> {
    this.diary.lines.push(`denied ${event.text} at ${context.subject} #${context.streamSequence}`);
    return done;
  }

  @Hears(changed)
  @UseGuards(OnlyDemo)
  async onChanged(event: Note): Promise<Outcome> {
    if (event.text === 'impossible') throw new BrokenInvariant('filled more than ordered');
    this.diary.lines.push(`changed ${event.text}`);
    return done;
  }

  @Listens(quoted, { filter: { symbol: 'BTC-USDT' } })
  onBitcoin(event: Note): void {
    this.diary.lines.push(`bitcoin ${event.text}`);
  }

  @Listens(quoted)
  onAny(event: Note): void {
    this.diary.lines.push(`any ${event.text}`);
  }

  @Answers(question)
  async answer(request: string): Promise<string> {
    return `${request}, ${this.diary.lines.length} lines`;
  }
}

@Controller()
class Careless {
  @Hears(denied)
  async onDenied(): Promise<Outcome> {
    return done;
  }
}

beforeAll(() => Logger.overrideLogger(false));

describe('the transport for Nest', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function started(controllers: (typeof DiaryController | typeof Careless)[]) {
    const broker = new MemoryBroker();
    const died: Error[] = [];
    const memory = new MemoryBus({ broker, speaker: 'strategy', die: (error) => void died.push(error) });
    const module = await Test.createTestingModule({
      imports: [MemoryBusModule.forRoot(memory)],
      controllers,
      providers: [Diary, WithInterceptor, OnlyDemo],
    }).compile();
    const app = module.createNestMicroservice({ strategy: module.get(ScalpstormTransport) });
    closing.push(() => app.close());
    await app.listen();
    const speak = (speaker: 'risk-gate' | 'execution' | 'market-data' | 'gateway') =>
      new MemoryBus({ broker, speaker }).bus;
    return { broker, died, speak, lines: controllers.includes(DiaryController) ? module.get(Diary).lines : [] };
  }

  test('handlers are methods of controllers, with injection and interceptors', async () => {
    const { speak, lines } = await started([DiaryController]);
    await speak('risk-gate').send(denied, note('demo', 'too large'));
    await until('the line', () => lines.length === 2);
    expect(lines).toEqual(['intercepted', 'denied too large at order.denied.v1.demo #1']);
  });

  test('two listeners of one contract each hear what they asked for', async () => {
    const { speak, lines } = await started([DiaryController]);
    const bus = speak('market-data');
    bus.publish(quoted, note('ETH-USDT', 'eth'));
    bus.publish(quoted, note('BTC-USDT', 'btc'));
    await until('the lines', () => lines.length === 3);
    expect([...lines].sort()).toEqual(['any btc', 'any eth', 'bitcoin btc']);
  });

  test('questions are answered', async () => {
    const { speak } = await started([DiaryController]);
    expect(await speak('gateway').ask(question, 'so far')).toBe('so far, 0 lines');
  });

  test('what a guard refuses is repeated and then put aside, never handled', async () => {
    const { speak, lines, broker } = await started([DiaryController]);
    await speak('execution').send(changed, note('other', 'not ours'));
    await until('the dead letter', () => broker.stored('DEAD_LETTERS').length === 1);
    expect(lines).toEqual([]);
    expect(broker.stored('DEAD_LETTERS')[0]?.headers['Dead-Cause']).toBe('exhausted');
  });

  test('a broken invariant in a handler reaches the process', async () => {
    const { speak, died } = await started([DiaryController]);
    await speak('execution').send(changed, note('demo', 'impossible'));
    await until('the end', () => died.length > 0);
    expect(died[0]).toEqual(new BrokenInvariant('filled more than ordered'));
  });

  test('two handlers for one message are refused at the start', async () => {
    await expect(started([DiaryController, Careless])).rejects.toThrow('OrderDenied has two @Hears handlers');
  });
});
