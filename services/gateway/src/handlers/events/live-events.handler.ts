import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import { type LiveChanged, liveChanged } from '@scalpstorm/contracts';
import { LiveTells } from '../stream/live-tells.js';

/** With more the oldest are dropped, which the next one shows. */
const waitingMax = 8_192;

/** What the other gateways have folded. */
@Controller()
export class LiveEventsHandler {
  constructor(private readonly live: LiveTells) {}

  @Listens(liveChanged, { waitingMax })
  changed(event: LiveChanged): void {
    this.live.hear(event);
  }
}
