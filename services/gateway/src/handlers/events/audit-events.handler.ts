import { Controller } from '@nestjs/common';
import { done, Hears, type MessageContext, type Outcome, poison } from '@scalpstorm/bus';
import { type AuditAnchored, auditAnchored } from '@scalpstorm/contracts';
import { AuditLog } from '../../ports/audit-log.js';

/** Keeps where the chains of the audit ended, apart from the chains. */
@Controller()
export class AuditEventsHandler {
  constructor(private readonly audit: AuditLog) {}

  @Hears(auditAnchored, { concurrency: 1 })
  async anchored(event: AuditAnchored, { subject }: MessageContext): Promise<Outcome> {
    // The server has seen to it that the subject names the speaker; the message could name anybody.
    if (!subject.endsWith(`.${event.service}.${event.chain}`)) return poison('the anchor of a chain of somebody else');
    await this.audit.keepAnchor(event);
    return done;
  }
}
