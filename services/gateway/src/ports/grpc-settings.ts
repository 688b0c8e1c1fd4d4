/** Where the gRPC door is, if anywhere. */
export abstract class GrpcSettings {
  /** Null: closed. 0: any free port. */
  abstract readonly port: number | null;
  abstract readonly host: string;
  /** Null: without TLS. PEM. */
  abstract readonly tls: { readonly cert: string; readonly key: string } | null;
}
