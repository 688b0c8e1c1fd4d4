import { defineContract } from '../define.js';
import * as wire from '../generated/scalpstorm/gateway/v1/gateway_pb.js';
import { type LiveChange, type LiveChanged, liveChannels, liveRowCharactersMax } from '../live.js';
import {
  readChoice,
  readCommandId,
  readCount,
  readJsonObject,
  readMeta,
  readOptional,
  readText,
  readTimestamp,
  readUserId,
  writeMeta,
  writeTimestamp,
} from './values.js';

export const liveChanged = defineContract({
  schema: wire.LiveChangedSchema,
  toWire: ({ meta, teller, number, change }: LiveChanged) => ({
    meta: writeMeta(meta),
    teller,
    number: BigInt(number),
    change: change === null ? undefined : writeChange(change),
  }),
  fromWire: ({ meta, teller, number, change }, at): LiveChanged => ({
    meta: readMeta(meta, at),
    teller: readCommandId(teller, `${at}.teller`),
    number: readCount(number, `${at}.number`),
    change: readOptional(change, `${at}.change`, readChange),
  }),
});

function writeChange({ channel, userId, at, row, entity }: LiveChange) {
  return {
    channel,
    userId: userId ?? undefined,
    atUs: writeTimestamp(at),
    rowJson: row === null ? undefined : withinBound(JSON.stringify(row)),
    entity: entity === null ? undefined : { id: entity.id, rank: BigInt(entity.rank) },
  };
}

const withinBound = (json: string): string | undefined => (json.length > liveRowCharactersMax ? undefined : json);

const readChange = ({ channel, userId, atUs, rowJson, entity }: wire.LiveChange, at: string): LiveChange => ({
  channel: readChoice(liveChannels, channel, `${at}.channel`),
  userId: readOptional(userId, `${at}.user_id`, readUserId),
  at: readTimestamp(atUs, `${at}.at_us`),
  row: readOptional(rowJson, `${at}.row_json`, readJsonObject),
  entity: readOptional(entity, `${at}.entity`, ({ id, rank }, each) => ({
    id: readText(id, `${each}.id`),
    rank: readCount(rank, `${each}.rank`),
  })),
});
