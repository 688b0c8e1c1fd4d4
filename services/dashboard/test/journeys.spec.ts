import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openBrowser } from './chromium-browser.js';
import { cutLine } from './journeys/cut-line.js';
import { editBot, editMeanwhile } from './journeys/edit-bot.js';
import { endedSession } from './journeys/ended-session.js';
import { firstUser } from './journeys/first-user.js';
import { haltLevels, haltOfOneBot, haltOfThePlatform } from './journeys/halt.js';
import { haltThatLeaves } from './journeys/halt-remains.js';
import { heldBack } from './journeys/held-back.js';
import { keyboardOnly } from './journeys/keyboard.js';
import { keyboardTrade } from './journeys/keyboard-trade.js';
import { notifications } from './journeys/notifications.js';
import { planBracket, planSlices } from './journeys/order-plan.js';
import { ownSessions, users } from './journeys/people.js';
import { placeOrder, placeTriggered } from './journeys/place-order.js';
import { notKnownYet, olderFills, quietMarket } from './journeys/quiet-channels.js';
import { ordersFromElsewhere, reconciliation } from './journeys/reconciliation.js';
import { screens } from './journeys/screens.js';
import { apiKey, venueAccount } from './journeys/secrets.js';
import { Receivers } from './receivers.js';
import { type RunningPlatform, startPlatform } from './running-platform.js';
import { World } from './world.js';

const browser = await openBrowser();
if (typeof browser === 'string') process.stderr.write(`skipped lane: browser journeys (Chromium): ${browser}\n`);
const lane = typeof browser === 'string' ? describe.skip : describe;

const startMs = 180_000;
const journeyMs = 300_000;

lane('the dashboard in Chromium, against the whole platform', () => {
  const receivers = new Receivers();
  let platform: RunningPlatform | null = null;
  let world: World;

  beforeAll(async () => {
    await receivers.open();
    platform = await startPlatform(receivers.environment);
    if (typeof browser !== 'string') world = new World(platform, receivers, browser);
  }, startMs);

  afterAll(async () => {
    if (typeof browser !== 'string') await browser.close();
    await platform?.close();
    await receivers.close();
  }, startMs);

  afterEach(() => world.tidy(), journeyMs);

  // The first one sets the platform up for those after it; they share it.
  it.each([
    ['leads the first user from set-up to a bot that trades, pauses, stops and flattens', firstUser],
    ['shows of each level of the brake what it does, and releases it', haltLevels],
    [
      'halts the whole platform for an administrator, and tells a viewer what the role does not reach',
      haltOfThePlatform,
    ],
    ['halts one bot and no other, and releases it where it is listed', haltOfOneBot],
    ['names what a halt has left until nothing stays, over a reload, and repeats it', haltThatLeaves],
    ['lists what is held back in every state, and takes off what is released', heldBack],
    ['compares books and venues, dry and for good, and lists all that was found', reconciliation],
    ['decides on orders that were placed elsewhere, each time asked twice', ordersFromElsewhere],
    ['places an order by hand: put right, looked at, judged, looked into, canceled', placeOrder],
    ['says in words what an order waits for, and why one was refused', placeTriggered],
    ['plans a bracket: refused at its field, looked at, found from its order, canceled with its stop', planBracket],
    ['plans slices, and follows them to their end', planSlices],
    ['gives a running bot another price; the bot and its forms fit on a phone', editBot],
    ['overwrites nothing that somebody else changed while a bot is edited', editMeanwhile],
    ['lets users in, gives roles, shuts out, and shows each what the role reaches', users],
    ['ends sessions and changes the password of whoever is logged in', ownSessions],
    ['keeps a form that is half filled when the session ends, for the same user alone', endedSession],
    ['says so when the line is cut, greys what is old, and comes back by itself', cutLine],
    ['calls nothing live while the market is silent, and tells of each price how old it is', quietMarket],
    ['marks in a chart what its bot did before the stream began to tell', olderFills],
    ['never shows as nothing what it has not been told yet', notKnownYet],
    ['takes a venue account with its secret, and never shows the secret again', venueAccount],
    ['shows an API key once', apiKey],
    ['works with nothing but a keyboard', keyboardOnly],
    ['creates and starts a bot, halts and releases, by keys alone', keyboardTrade],
    ['sets up, tests and takes away every way to be told', notifications],
    ['has no barrier and no sideways scrolling on any screen: light and wide, dark and on a phone', screens],
  ])(
    '%s',
    async (_, journey) => {
      world.complaints.length = 0;
      await journey(world);
      expect(world.complaints).toEqual([]);
    },
    journeyMs,
  );
});
