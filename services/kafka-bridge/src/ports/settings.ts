import type { Routes } from '../domain/translate.js';

export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | null;
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  } | null;
  readonly compression: 'none' | 'gzip';
  readonly requestTimeoutMs: number;
}

/** What the configuration says, in the words of the service. */
export abstract class BridgeSettings {
  abstract readonly routes: Routes;
  abstract readonly connection: KafkaConnection;
  /** Null: topics are somebody else's to make. */
  abstract readonly newTopics: { readonly partitions: number; readonly replication: number } | null;
  abstract readonly batch: { readonly messagesMax: number; readonly bytesMax: number };
  abstract readonly messageBytesMax: number;
  abstract readonly marketWaitingMax: number;
  abstract readonly retry: { readonly firstMs: number; readonly maxMs: number };
}
