/** What a model can run on, as ONNX Runtime calls it. */
export const providerNames = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml'] as const;
export type ProviderName = (typeof providerNames)[number];

/** One that was asked for and not taken. */
export interface SkippedProvider {
  readonly provider: ProviderName;
  readonly why: string;
}
