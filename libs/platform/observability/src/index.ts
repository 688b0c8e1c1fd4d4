export { stopOnBrokenInvariant } from './broken-invariant.filter.js';
export { type HealthCheckOptions, type HealthCheckResult, HealthRegistry, type HealthReport } from './health.js';
export { Log, type LogLevel, type LogOptions, PinoLog } from './log.js';
export { type LogContext, withLogContext } from './log-context.js';
export { durationBuckets, type MetricOptions, Metrics } from './metrics.js';
export { ObservabilityModule, type ObservabilityOptions } from './observability.module.js';
export { redactFields, redactText } from './redact.js';
export { createServiceApp, type PublicDoor, type ServiceApp, type ServiceOptions } from './service-app.js';
export { configExitCode } from './service-process.js';
export { SystemClock, type TimeSources, WallClock } from './system-clock.js';
export {
  type Attributes,
  currentTraceparent,
  extractTrace,
  injectTrace,
  type Span,
  type SpanOptions,
  span,
  startTracing,
  type TraceContext,
} from './tracing.js';
