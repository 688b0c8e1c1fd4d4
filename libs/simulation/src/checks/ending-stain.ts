import { type BotId, isDust, type OrderRequest, Quantity, type UserId } from '@scalpstorm/model';
import { fleetBots, theInstrument, users } from '../services/stage.js';
import type { World } from '../world.js';
import { changeOf } from './exposure.js';
import type { Stain } from './violation.js';

/** After a halt that ends what there is nothing opens that is at the venue, bots rest, and at level flatten they hold nothing that can be sold. */
export function endingStainOf(world: World): Stain | null {
  const { endings } = world.watch;
  if (endings.isAwaited) return unended('a halt that ends what there is did not come');
  const opening = world.venue.open.find(({ request }) => isEnded(world, request) && request.purpose === 'open');
  if (opening !== undefined) return unended(`${opening.request.clientOrderId} opens at the venue after a halt`);
  for (const botId of fleetBots) {
    const bot = world.strategy?.service.fleet.get(botId)?.bot;
    if (bot === undefined || endings.begunFor(bot.userId) === null) continue;
    if (bot.observed !== 'stopped') return unended(`bot ${botId} is ${bot.observed} after a halt`);
    const since = endings.begunFor(bot.userId, 'flatten');
    if (since !== null && !isFlat(world, botId, since)) return unended(`bot ${botId} is not flat after a halt`);
  }
  const holder = users.find((userId) => !isFlatByHand(world, userId));
  return holder === undefined ? null : unended(`${holder} holds something of no bot after a halt`);
}

/** What plans have left is closed for as long as the halt stands, also what comes late. */
function isFlatByHand({ watch, price }: World, userId: UserId): boolean {
  if (watch.endings.begunFor(userId, 'flatten') === null) return true;
  return isDust(theInstrument, watch.plans.heldBy(userId), price);
}

const isEnded = ({ watch }: World, { userId }: OrderRequest): boolean => watch.endings.begunFor(userId) !== null;

/** What a venue has left out of an end, and a bot hears of when it has closed all that it knew of, stays: no bot acts that is stopped. */
function isFlat({ watch, price }: World, botId: BotId, since: number): boolean {
  const held = watch.exposure.positionOf(botId);
  const late = watch.untold.untoldTo('strategy', since).filter(({ order }) => order.request.botId === botId);
  const known = late.reduce((rest, { fill }) => rest - Quantity.max(changeOf(fill), Quantity.zero), held as bigint);
  return (
    isDust(theInstrument, held, price) ||
    isDust(theInstrument, Quantity.max(Quantity.fromUnits(known), Quantity.zero), price)
  );
}

const unended = (text: string): Stain => ({ invariant: 'I8', text });
