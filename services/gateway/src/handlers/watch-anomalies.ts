import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { activityLogged } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import type { AnomalyRule } from '../domain/anomaly.js';
import { findAnomalies } from '../domain/find-anomalies.js';
import { Anomalies, type KnownAnomaly } from '../ports/anomalies.js';
import { AnomalySettings } from '../ports/anomaly-settings.js';
import { KeySightings } from '../use-cases/key-sightings.js';

const everyMs = 60_000;

/** Whoever has got into an account reads what its user is told, so administrators hear of that, too. */
const alsoForAdministrators: ReadonlySet<AnomalyRule> = new Set([
  'log-in-failures-of-account',
  'log-in-after-failures',
  'api-key-used-elsewhere-at-once',
]);

/** Looks once a minute whether something is not as it usually is, writes down what it finds, and tells each finding once. */
@Injectable()
export class WatchAnomalies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(
    private readonly anomalies: Anomalies,
    private readonly sightings: KeySightings,
    private readonly settings: AnomalySettings,
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#look(), everyMs);
    this.#look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
    await this.#keepSightings().catch((error: unknown) =>
      this.log.warn({ error }, 'the last uses of API keys were not written down'),
    );
  }

  /** One after another: a round that is slow is not overtaken. */
  #look(): void {
    this.#looking ??= this.round()
      .catch((error: unknown) =>
        this.log.warn({ error }, 'the audit could not be searched for anomalies; tried again later'),
      )
      .finally(() => {
        this.#looking = null;
      });
  }

  async round(): Promise<void> {
    await this.#keepSightings();
    const now = this.clock.now();
    await this.anomalies.countOrders(now);
    const { limits, coolDown } = this.settings;
    const found = findAnomalies(await this.anomalies.look(now), limits);
    await this.anomalies.keep(found, now, Timestamp.plus(now, -coolDown));
    // Whatever could not be told the last time, too.
    for (const anomaly of await this.anomalies.untold()) await this.#tell(anomaly);
  }

  async #keepSightings(): Promise<void> {
    const taken = this.sightings.take();
    try {
      await this.anomalies.keepSightings(taken);
    } catch (error) {
      this.sightings.giveBack(taken);
      throw error;
    }
  }

  async #tell(anomaly: KnownAnomaly): Promise<void> {
    const { id, rule, text, evidence } = anomaly;
    this.log.warn({ anomaly: String(id), rule, evidence }, 'something unusual was found in the audit');
    for (const userId of await this.#concerned(anomaly)) {
      const data = { anomaly: String(id), ...evidence };
      const activity = { level: 'WARNING', code: codeOf(rule), text, userId, botId: null, data } as const;
      await this.bus.send(activityLogged, { meta: newMeta(this.clock, null), activity }, `anomaly:${id}:${userId}`);
    }
    await this.anomalies.told(id);
  }

  async #concerned({ rule, userId }: KnownAnomaly): Promise<readonly UserId[]> {
    if (userId !== null && !alsoForAdministrators.has(rule)) return [userId];
    const administrators = await this.anomalies.administrators();
    return [...new Set([...(userId === null ? [] : [userId]), ...administrators])];
  }
}

const codeOf = (rule: AnomalyRule): string => `ANOMALY_${rule.toUpperCase().replaceAll('-', '_')}`;
