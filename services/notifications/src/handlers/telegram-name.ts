import { Injectable } from '@nestjs/common';

/** What the bot is called at Telegram; empty until Telegram has said it. */
@Injectable()
export class TelegramName {
  name = '';
}
