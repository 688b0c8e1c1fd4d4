import { Injectable } from '@nestjs/common';
import { Bots } from '../../use-cases/bots.js';
import { Emergency } from '../../use-cases/emergency.js';
import { Markets } from '../../use-cases/markets.js';
import { Platform } from '../../use-cases/platform.js';
import { Risk } from '../../use-cases/risk.js';
import { Sessions } from '../../use-cases/sessions.js';
import { Trading } from '../../use-cases/trading.js';

/** Everything that the gRPC door can have done: the very objects behind HTTP. */
@Injectable()
export class UseCases {
  constructor(
    readonly bots: Bots,
    readonly trading: Trading,
    readonly platform: Platform,
    readonly emergency: Emergency,
    readonly risk: Risk,
    readonly markets: Markets,
    readonly sessions: Sessions,
  ) {}
}
