import type { MessageInitShape } from '@bufbuild/protobuf';
import { defineQuestion } from '../define.js';
import * as wire from '../generated/scalpstorm/execution/v1/execution_pb.js';
import type {
  VenueAccount,
  VenueAccountAnswer,
  VenueAccountCheck,
  VenueAccountRequest,
  VenueAccountStanding,
  VenueOffer,
} from '../venue-accounts.js';
import { readAnswer } from './answers.js';
import {
  enumMapping,
  mode,
  present,
  readAccountId,
  readAll,
  readCommandId,
  readText,
  readTimestamp,
  readUserId,
  readVenueId,
  unreadable,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const sealingKeyBytes = 32;

const verb = enumMapping<VenueAccountRequest['kind'], wire.VenueAccountVerb>({
  list: wire.VenueAccountVerb.LIST,
  add: wire.VenueAccountVerb.ADD,
  test: wire.VenueAccountVerb.TEST,
  rotate: wire.VenueAccountVerb.ROTATE,
  relabel: wire.VenueAccountVerb.RELABEL,
  enable: wire.VenueAccountVerb.ENABLE,
  disable: wire.VenueAccountVerb.DISABLE,
  delete: wire.VenueAccountVerb.DELETE,
});
const state = enumMapping<VenueAccount['state'], wire.VenueAccountState>({
  enabled: wire.VenueAccountState.ENABLED,
  disabled: wire.VenueAccountState.DISABLED,
});

export const venueAccountQuestion = defineQuestion(
  { schema: wire.VenueAccountAskRequestSchema, toWire: writeRequest, fromWire: readRequest },
  {
    schema: wire.VenueAccountAskReplySchema,
    toWire: (reply: VenueAccountAnswer) => ({
      answer: reply.ok
        ? { case: 'standing' as const, value: writeStanding(reply.value) }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
    }),
    fromWire: ({ answer }, at): VenueAccountAnswer => readAnswer(answer, at, { standing: readStanding }),
  },
);

function writeRequest(request: VenueAccountRequest): MessageInitShape<typeof wire.VenueAccountAskRequestSchema> {
  const { kind, userId } = request;
  if (kind === 'list') return { verb: verb.write(kind), userId };
  const { commandId, accountId } = request;
  const common = { verb: verb.write(kind), userId, commandId, accountId };
  switch (kind) {
    case 'add':
      return {
        ...common,
        label: request.label,
        venue: request.venue,
        mode: mode.write(request.mode),
        sealed: request.sealed,
      };
    case 'rotate':
      return { ...common, sealed: request.sealed };
    case 'relabel':
      return { ...common, label: request.label };
    default:
      return common;
  }
}

function readRequest(message: wire.VenueAccountAskRequest, at: string): VenueAccountRequest {
  const kind = verb.read(message.verb, `${at}.verb`);
  const userId = readUserId(message.userId, `${at}.user_id`);
  if (kind === 'list') return { kind, userId };
  const commandId = readCommandId(message.commandId, `${at}.command_id`);
  const common = { commandId, userId, accountId: readAccountId(message.accountId, `${at}.account_id`) };
  switch (kind) {
    case 'add':
      return {
        ...common,
        kind,
        label: readText(message.label, `${at}.label`),
        venue: readVenueId(message.venue, `${at}.venue`),
        mode: mode.read(message.mode, `${at}.mode`),
        sealed: readSealed(message.sealed, `${at}.sealed`),
      };
    case 'rotate':
      return { ...common, kind, sealed: readSealed(message.sealed, `${at}.sealed`) };
    case 'relabel':
      return { ...common, kind, label: readText(message.label, `${at}.label`) };
    default:
      return { ...common, kind };
  }
}

const readSealed = (sealed: Uint8Array, at: string): Uint8Array =>
  sealed.length > 0 ? sealed : unreadable(at, 'missing');

const writeStanding = (standing: VenueAccountStanding): MessageInitShape<typeof wire.VenueAccountStandingSchema> => ({
  sealingKey: standing.sealingKey,
  offers: standing.offers.map((offer) => ({ venue: offer.venue, mode: mode.write(offer.mode), title: offer.title })),
  accounts: standing.accounts.map(writeVenueAccount),
});

const readStanding = (standing: wire.VenueAccountStanding, at: string): VenueAccountStanding => ({
  sealingKey:
    standing.sealingKey.length === sealingKeyBytes
      ? standing.sealingKey
      : unreadable(`${at}.sealing_key`, `not ${sealingKeyBytes} bytes`),
  offers: readAll(standing.offers, `${at}.offers`, readOffer),
  accounts: readAll(standing.accounts, `${at}.accounts`, readVenueAccount),
});

const readOffer = (offer: wire.VenueOffer, at: string): VenueOffer => ({
  venue: readVenueId(offer.venue, `${at}.venue`),
  mode: mode.read(offer.mode, `${at}.mode`),
  title: offer.title,
});

const writeVenueAccount = (account: VenueAccount): MessageInitShape<typeof wire.VenueAccountSchema> => ({
  accountId: account.accountId,
  userId: account.userId,
  label: account.label,
  venue: account.venue,
  mode: mode.write(account.mode),
  state: state.write(account.state),
  keyEnding: account.keyEnding,
  check: {
    checkedAtUs: writeTimestamp(account.check.checkedAt),
    mayTrade: account.check.mayTrade,
    mayWithdraw: account.check.mayWithdraw ?? undefined,
    warning: account.check.warning,
  },
  createdAtUs: writeTimestamp(account.createdAt),
  changedAtUs: writeTimestamp(account.changedAt),
});

const readVenueAccount = (account: wire.VenueAccount, at: string): VenueAccount => ({
  accountId: readAccountId(account.accountId, `${at}.account_id`),
  userId: readUserId(account.userId, `${at}.user_id`),
  label: account.label,
  venue: readVenueId(account.venue, `${at}.venue`),
  mode: mode.read(account.mode, `${at}.mode`),
  state: state.read(account.state, `${at}.state`),
  keyEnding: account.keyEnding,
  check: readCheck(present(account.check, `${at}.check`), `${at}.check`),
  createdAt: readTimestamp(account.createdAtUs, `${at}.created_at_us`),
  changedAt: readTimestamp(account.changedAtUs, `${at}.changed_at_us`),
});

const readCheck = (check: wire.VenueAccountCheck, at: string): VenueAccountCheck => ({
  checkedAt: readTimestamp(check.checkedAtUs, `${at}.checked_at_us`),
  mayTrade: check.mayTrade,
  mayWithdraw: check.mayWithdraw ?? null,
  warning: check.warning,
});
