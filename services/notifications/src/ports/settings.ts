import type { RetrySettings } from '../domain/breaker.js';

/** What the environment says, as a value that Nest can inject. */
export abstract class NotificationSettings {
  abstract readonly telegram: { readonly token: string; readonly apiRoot: string } | null;
  abstract readonly smtp: {
    readonly url: string;
    readonly from: string;
    readonly encrypted: boolean;
    /** Null: the public authorities. */
    readonly caFile: string | null;
  } | null;
  /** Why SMTP is off although something of it is set; empty otherwise. */
  abstract readonly smtpFault: string;
  abstract readonly sealingKey: string | null;
  abstract readonly webhook: { readonly privateAllowed: boolean; readonly httpAllowed: boolean };
  abstract readonly perMinuteMax: number;
  abstract readonly retry: RetrySettings;
  abstract readonly keptDays: number;
}
