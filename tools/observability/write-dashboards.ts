// `npm run dashboards:grafana`: writes deploy/grafana/dashboards from the code beside this file.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './dashboards/all.ts';

const folder = join(import.meta.dirname, '../../deploy/grafana/dashboards');

mkdirSync(folder, { recursive: true });
const files = dashboardFiles();
for (const name of readdirSync(folder)) if (!files.some((file) => file.name === name)) rmSync(join(folder, name));
for (const { name, text } of files) {
  writeFileSync(join(folder, name), text);
  process.stdout.write(`deploy/grafana/dashboards/${name}\n`);
}
