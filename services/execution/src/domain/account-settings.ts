/** Everything that is needed to open an account at its venue, key and secret included: never printed, never stored as it is. */
export interface AccountSettings {
  readonly id: string;
  readonly label: string;
  readonly venue: string;
  readonly mode: 'demo' | 'paper' | 'live';
  readonly rest: string;
  readonly spotWs: string;
  readonly wsApi: string;
  readonly apiKey: string;
  readonly secret: string;
}
