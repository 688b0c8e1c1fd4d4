import type { ModelCard, ModelFault } from '../domain/model-card.js';

/** A model that lies somewhere. */
export interface FoundModel {
  readonly name: string;
  readonly version: string;
  /** Changes when its files do: one that was refused is looked at again. */
  readonly stamp: string;
}

export type ReadModel =
  | { readonly ok: true; readonly card: ModelCard; readonly bytes: Uint8Array }
  /** The card is what a fast baseline answers by, when only the rest is broken. */
  | { readonly ok: false; readonly fault: ModelFault; readonly card: ModelCard | null };

/** Where models come from. */
export abstract class ModelSource {
  /** @throws when the place itself can not be read */
  abstract list(): Promise<readonly FoundModel[]>;
  /** The card, and the bytes that its hash vouches for. */
  abstract read(found: FoundModel): Promise<ReadModel>;
}
