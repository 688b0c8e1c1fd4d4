import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { currentLogContext } from './log-context.js';
import { createServiceApp } from './service-app.js';
import { RecordingLog } from './testing.js';
import { currentTraceparent } from './tracing.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';

@Controller()
class EchoController {
  @Get('echo')
  async read() {
    await Promise.resolve();
    return { context: currentLogContext(), traceparent: currentTraceparent() };
  }

  @Post('echo')
  write(@Body() _body: object) {
    return this.read();
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

describe('a request', () => {
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const env = { PORT: '0' };
    const service = await createServiceApp(EchoModule, {
      service: 'echo',
      env,
      door: {},
      ownsProcess: false,
      log: new RecordingLog(),
    });
    await service.listen();
    url = await service.app.getUrl();
    close = service.close;
  });
  afterAll(() => close());

  it.each([
    ['without a body', { method: 'GET', headers: {} }],
    ['with a body', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }],
  ])('%s is answered under its id and in its trace', async (_, given) => {
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const answer = await fetch(`${url}/echo`, { ...given, headers: { ...given.headers, traceparent } });
    const requestId = answer.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    // Not recorded, because nobody collects; the client has no say in that.
    const seen = expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    expect(await answer.json()).toEqual({ context: { requestId }, traceparent: seen });
  });
});
