import { Injectable } from '@nestjs/common';
import type { UserId } from '@scalpstorm/model';
import { Deliveries } from '../ports/deliveries.js';
import { Profiles } from '../ports/profiles.js';

/** Ends a link from whichever face it is asked; what waits for a chat that is told no more goes with it. */
@Injectable()
export class UnlinkChat {
  constructor(
    private readonly profiles: Profiles,
    private readonly deliveries: Deliveries,
  ) {}

  /** False: the user has no such link. */
  async unlink(userId: UserId, linkId: string): Promise<boolean> {
    const chatId = await this.profiles.unlink(userId, linkId);
    if (chatId === null) return false;
    const left = this.profiles.of(userId)?.links ?? [];
    if (!left.some((link) => link.chatId === chatId)) await this.deliveries.forget(userId, 'telegram', String(chatId));
    return true;
  }
}
