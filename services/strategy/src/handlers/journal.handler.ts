import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type JournalPage, type JournalRequest, journalQuestion } from '@scalpstorm/contracts';
import { JournalStore } from '../ports/journal-store.js';

const rowsMax = 500;

/** What a bot was told and did, as it is kept. */
@Controller()
export class JournalHandler {
  constructor(private readonly journal: JournalStore) {}

  @Answers(journalQuestion)
  answer(request: JournalRequest): Promise<JournalPage> {
    return this.journal.page({ ...request, limit: Math.min(Math.max(request.limit, 1), rowsMax) });
  }
}
