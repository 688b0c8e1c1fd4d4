import type { CertificateIssued } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

/** What the platform found when it examined a rule. */
export interface KeptCertificate extends Omit<CertificateIssued, 'meta'> {
  readonly issuedAt: Timestamp;
}

/** What counts of the certificates that were issued: the newest of each user and version. */
export abstract class Certificates {
  /** One that comes again, or after a newer one of its version, changes nothing. */
  abstract keep(certificate: KeptCertificate): Promise<void>;
  /** Valid or refused; null when there is none. */
  abstract newest(userId: UserId, version: string): Promise<KeptCertificate | null>;
}
