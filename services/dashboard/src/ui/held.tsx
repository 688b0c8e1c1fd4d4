import { shown, signOf } from '../domain/decimal.js';
import type { Bot } from '../domain/rows.js';
import { useDust } from '../live/use-dust.js';
import { DustMark } from './marks.js';

interface HeldProps {
  readonly bot: Bot;
  /** Nothing where the figures beside it are of the same. */
  readonly unit?: string;
}

/** What a bot holds, and whether that is too little for any order. */
export function Held({ bot, unit = '' }: HeldProps) {
  const isDust = useDust()({ ...bot, quantity: bot.held });
  if (signOf(bot.held) === 0) return 'nothing';
  return (
    <>
      {`${shown(bot.held)} ${unit}`.trim()}
      {isDust ? <DustMark /> : null}
    </>
  );
}
