import type { ActivityLevel } from '@scalpstorm/model';
import { defineContract } from '../define.js';
import type { ActivityLogged } from '../events.js';
import * as wire from '../generated/scalpstorm/ops/v1/ops_pb.js';
import {
  enumMapping,
  present,
  readBotId,
  readJsonObject,
  readMeta,
  readOptional,
  readText,
  readUserId,
  writeJsonObject,
  writeMeta,
} from './values.js';

const level = enumMapping<ActivityLevel, wire.ActivityLevel>({
  INFO: wire.ActivityLevel.INFO,
  SUCCESS: wire.ActivityLevel.SUCCESS,
  WARNING: wire.ActivityLevel.WARNING,
  ERROR: wire.ActivityLevel.ERROR,
  TELEGRAM: wire.ActivityLevel.TELEGRAM,
});

/** `route` leaves `{speaker}` in place: only the connection knows its own name, and may say no other. */
export const activityLogged = defineContract({
  schema: wire.ActivityLoggedSchema,
  toWire: ({ meta, activity }: ActivityLogged) => ({
    meta: writeMeta(meta),
    activity: {
      level: level.write(activity.level),
      code: activity.code,
      text: activity.text,
      userId: activity.userId ?? undefined,
      botId: activity.botId ?? undefined,
      dataJson: writeJsonObject(activity.data),
    },
  }),
  fromWire: (message, name): ActivityLogged => {
    const at = `${name}.activity`;
    const activity = present(message.activity, at);
    return {
      meta: readMeta(message.meta, name),
      activity: {
        level: level.read(activity.level, `${at}.level`),
        code: readText(activity.code, `${at}.code`),
        text: activity.text,
        userId: readOptional(activity.userId, `${at}.user_id`, readUserId),
        botId: readOptional(activity.botId, `${at}.bot_id`, readBotId),
        data: readJsonObject(activity.dataJson, `${at}.data_json`),
      },
    };
  },
});
