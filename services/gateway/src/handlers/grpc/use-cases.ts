import { Injectable } from '@nestjs/common';
import { About } from '../../use-cases/about.js';
import { ApiKeys } from '../../use-cases/api-keys.js';
import { Audit } from '../../use-cases/audit.js';
import { Backtests } from '../../use-cases/backtests.js';
import { Bots } from '../../use-cases/bots.js';
import { DeadMen } from '../../use-cases/dead-men.js';
import { Emergency } from '../../use-cases/emergency.js';
import { HaltProofs } from '../../use-cases/halt-proofs.js';
import { Markets } from '../../use-cases/markets.js';
import { Notifications } from '../../use-cases/notifications.js';
import { Optimisations } from '../../use-cases/optimisations.js';
import { OrderPlans } from '../../use-cases/order-plans.js';
import { Platform } from '../../use-cases/platform.js';
import { Reconciliation } from '../../use-cases/reconciliation.js';
import { Risk } from '../../use-cases/risk.js';
import { Sessions } from '../../use-cases/sessions.js';
import { Trading } from '../../use-cases/trading.js';
import { Users } from '../../use-cases/users.js';
import { VenueAccounts } from '../../use-cases/venue-accounts.js';

/** Everything that the gRPC door can have done: the very objects behind HTTP. */
@Injectable()
export class UseCases {
  constructor(
    readonly bots: Bots,
    readonly trading: Trading,
    readonly orderPlans: OrderPlans,
    readonly platform: Platform,
    readonly reconciliation: Reconciliation,
    readonly emergency: Emergency,
    readonly deadMen: DeadMen,
    readonly haltProofs: HaltProofs,
    readonly risk: Risk,
    readonly markets: Markets,
    readonly sessions: Sessions,
    readonly users: Users,
    readonly apiKeys: ApiKeys,
    readonly venueAccounts: VenueAccounts,
    readonly notifications: Notifications,
    readonly backtests: Backtests,
    readonly optimisations: Optimisations,
    readonly about: About,
    readonly audit: Audit,
  ) {}
}
