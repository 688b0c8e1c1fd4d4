import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { textOf } from '../rows.js';

const waitMs = 1_000;

/** The job as it ended. What becomes of it meanwhile is told beside the output. @param path where it is read */
export async function untilJobOver({ api, output }: Context, path: string): Promise<Row> {
  for (let told = ''; ; await pause(waitMs)) {
    const now = (await api.get(path)) as Row;
    if (now['final'] === true) return now;
    const line = `${textOf(now['id'])}: ${textOf(now['state'])}, ${Math.round(Number(now['progress']) * 100)} %`;
    if (line !== told) output.note(line);
    told = line;
  }
}
