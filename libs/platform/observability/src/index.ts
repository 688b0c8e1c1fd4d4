export { stopOnBrokenInvariant } from './broken-invariant.filter.js';
export { EmergencySignal } from './emergency-signal.js';
export { type HealthCheckOptions, type HealthCheckResult, HealthRegistry, type HealthReport } from './health.js';
export { Log, type LogLevel, type LogOptions, PinoLog } from './log.js';
export { currentLogContext, type LogContext, withLogContext } from './log-context.js';
export { durationBuckets, type MetricOptions, Metrics } from './metrics.js';
export { ObservabilityModule, type ObservabilityOptions } from './observability.module.js';
export { redactFields, redactText } from './redact.js';
export { createServiceApp, type PublicDoor, type ServiceApp, type ServiceOptions } from './service-app.js';
export { configExitCode } from './service-process.js';
export { SystemClock, steadyTime, type TimeSources, WallClock } from './system-clock.js';
export { marketEventBegins, startTracing, type TracingPorts, type TracingSettings } from './trace-export.js';
export {
  type Attributes,
  annotate,
  currentTrace,
  currentTraceparent,
  extractForeignTrace,
  extractTrace,
  inContext,
  injectTrace,
  isTraced,
  moment,
  outOfContext,
  type Span,
  type SpanOptions,
  span,
  type TraceContext,
} from './tracing.js';
