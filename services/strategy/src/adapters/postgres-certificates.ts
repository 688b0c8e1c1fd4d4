import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import type { Lease, Store } from '@scalpstorm/store';
import { Certificates, type KeptCertificate } from '../ports/certificates.js';

/** Of one user; more versions of rules than anybody runs. */
const perUserMax = 500;
/** Longer than any certificate counts. */
const keptFor: Micros = 400 * 86_400 * second;

interface CertificateRow {
  readonly user_id: string;
  readonly version: string;
  readonly strategy: string;
  readonly valid: boolean;
  readonly failed_checks: readonly string[];
  readonly job_id: string;
  readonly issued_us: bigint;
}

/** One row a user and version in the schema of strategy. As with the bots every write proves the lease. */
export class PostgresCertificates extends Certificates {
  constructor(
    private readonly store: Store,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async keep(certificate: KeptCertificate): Promise<void> {
    const { userId, version, strategy, valid, failedChecks, jobId, issuedAt } = certificate;
    await this.store.transaction(async (tx) => {
      await Promise.all([
        this.lease.prove(tx),
        tx`
          insert into certificates (user_id, version, strategy, valid, failed_checks, job_id, issued_us)
          values (${userId}, ${version}, ${strategy}, ${valid}, ${tx.json([...failedChecks])}, ${jobId}, ${issuedAt})
          on conflict (user_id, version) do update set strategy = excluded.strategy, valid = excluded.valid,
             failed_checks = excluded.failed_checks, job_id = excluded.job_id, issued_us = excluded.issued_us
           where excluded.issued_us > certificates.issued_us`,
      ]);
      await tx`
        delete from certificates where user_id = ${userId} and (issued_us < ${issuedAt - keptFor} or version in (
          select version from certificates where user_id = ${userId}
          order by issued_us desc, version offset ${perUserMax}))`;
    });
  }

  async newest(userId: UserId, version: string): Promise<KeptCertificate | null> {
    const [row] = await this.store.sql<CertificateRow[]>`
      select user_id, version, strategy, valid, failed_checks, job_id, issued_us from certificates
      where user_id = ${userId} and version = ${version}`;
    return row === undefined ? null : certificateOf(row);
  }
}

const certificateOf = (row: CertificateRow): KeptCertificate => ({
  userId: UserId.of(row.user_id),
  version: row.version,
  strategy: row.strategy,
  valid: row.valid,
  failedChecks: row.failed_checks,
  jobId: row.job_id,
  issuedAt: Timestamp.fromMicros(Number(row.issued_us)),
});
