export interface UrlFault {
  readonly code: 'INVALID_URL' | 'HTTPS_REQUIRED' | 'PRIVATE_ADDRESS';
  readonly text: string;
  readonly allowed: string;
}

/** Which URLs a webhook may have here. */
export abstract class WebhookUrls {
  /** What can be said without asking the DNS; the address behind a name is checked at every connection. */
  abstract faultOf(url: string): UrlFault | null;
}
