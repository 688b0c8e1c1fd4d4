import { Controller } from '@nestjs/common';
import { Certificates } from '../../use-cases/certificates.js';
import { openOf, pageOf } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class CertificatesHandler {
  constructor(private readonly certificates: Certificates) {}

  @Serves(routes.listCertificates)
  list(@Asked() call: Call<typeof routes.listCertificates>): Promise<ReplyOf<typeof routes.listCertificates>> {
    return this.certificates.list(call.user.userId, openOf(call.query.status), pageOf(call.query));
  }

  @Serves(routes.requestCertificate)
  request(@Asked() call: Call<typeof routes.requestCertificate>): Promise<ReplyOf<typeof routes.requestCertificate>> {
    return this.certificates.request(call, call.body);
  }

  @Serves(routes.getCertificate)
  get(@Asked() call: Call<typeof routes.getCertificate>): Promise<ReplyOf<typeof routes.getCertificate>> {
    return this.certificates.get(call.user.userId, call.params.job);
  }

  @Serves(routes.cancelCertificate)
  cancel(@Asked() call: Call<typeof routes.cancelCertificate>): Promise<ReplyOf<typeof routes.cancelCertificate>> {
    return this.certificates.cancel(call, call.params.job);
  }
}
