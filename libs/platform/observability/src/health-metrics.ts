import type { HealthRegistry } from './health.js';
import type { Metrics } from './metrics.js';

/** What /health/ready says, for whoever only scrapes; the checks run as often as for a probe. */
export function measureHealth(health: HealthRegistry, metrics: Metrics): void {
  metrics.gauge({
    name: 'ready',
    help: '1 while the service is ready, as /health/ready says.',
    collect: async (gauge) => gauge.set((await health.report()).ready ? 1 : 0),
  });
  metrics.gauge({
    name: 'health_check_up',
    help: '1 while a check of the health of the service passes; of several of one kind, while all do.',
    labels: ['check', 'critical'],
    collect: async (gauge) => {
      gauge.reset();
      for (const { kind, critical, up } of kindsOf((await health.report()).checks)) {
        gauge.set({ check: kind, critical: String(critical) }, up ? 1 : 0);
      }
    },
  });
}

interface Kind {
  readonly kind: string;
  readonly critical: boolean;
  readonly up: boolean;
}

/** `account:NAME` and the like are one kind: as many as there are users must not be as many time series. */
function kindsOf(checks: Awaited<ReturnType<HealthRegistry['report']>>['checks']): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const [name, { status, critical }] of Object.entries(checks)) {
    const kind = name.split(':', 1)[0] ?? name;
    const known = kinds.get(kind);
    const up = status === 'up' && (known?.up ?? true);
    kinds.set(kind, { kind, critical: critical || (known?.critical ?? false), up });
  }
  return [...kinds.values()];
}
