import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type CertificateIssued, certificateIssued } from '@scalpstorm/contracts';
import { Certificates } from '../ports/certificates.js';

/** Keeps what research found. A bot that runs is not asked for it, and goes on whatever it says. */
@Controller()
export class CertificateHandler {
  constructor(private readonly certificates: Certificates) {}

  @Hears(certificateIssued)
  async onIssued({ meta, ...issued }: CertificateIssued): Promise<Outcome> {
    await this.certificates.keep({ ...issued, issuedAt: meta.occurredAt });
    return done;
  }
}
