import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { root, runtimeRoot } from '../paths.mjs';

const run = promisify(execFile);
const outputBytesMax = 32 * 2 ** 20;
const renderMs = 60_000;

export const manifests = join(root, 'k8s');
/** What an operator may add to production; each is rendered with it. */
const onDemand = ['notification-channels', 'inference-gpu', 'kafka-bridge', 'postgres-ca'];

/**
 * Everything that is rendered: each overlay, and production with each component that is added on demand.
 * @returns {readonly {name: string, overlay: string, component?: string}[]}
 */
export function compositions() {
  const overlays = readdirSync(join(manifests, 'overlays')).sort();
  return [
    ...overlays.map((overlay) => ({ name: overlay, overlay })),
    ...onDemand.map((component) => ({ name: `prod + ${component}`, overlay: 'prod', component })),
  ];
}

/** @returns {Promise<readonly object[]>} the objects that kubectl would apply */
export async function render(kubectl, { overlay, component }) {
  const folder = join('overlays', overlay);
  if (component === undefined) return kustomize(kubectl, join(manifests, folder));
  mkdirSync(runtimeRoot, { recursive: true });
  const copy = mkdtempSync(join(runtimeRoot, 'k8s-'));
  try {
    cpSync(manifests, copy, { recursive: true });
    // As its operator would: one line more in the overlay.
    const file = join(copy, folder, 'kustomization.yaml');
    const kustomization = parse(readFileSync(file, 'utf8'));
    kustomization.components.push(`../../components/${component}`);
    writeFileSync(file, JSON.stringify(kustomization));
    return await kustomize(kubectl, join(copy, folder));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const kustomizationOf = (overlay) => {
  const file = join(manifests, 'overlays', overlay, 'kustomization.yaml');
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
};

/** The settings that an overlay says itself, as `NAME=value`. */
export const literalsOf = (overlay) =>
  (kustomizationOf(overlay).configMapGenerator ?? []).flatMap(({ literals = [] }) => literals);

/**
 * Secrets that whoever rolls an overlay out makes beforehand, where they look otherwise than in dev: the form of each is in its folder.
 * @returns {readonly object[]} as if kubectl had rendered them
 */
export function formsOf(overlay) {
  const folder = join(manifests, 'overlays', overlay, 'secrets');
  if (!existsSync(folder) || kustomizationOf(overlay).secretGenerator !== undefined) return [];
  return readdirSync(folder).map((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').match(/^[A-Za-z_-]+=.*$/gm) ?? [];
    const data = lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), Buffer.from(line.slice(at + 1)).toString('base64')];
    });
    const metadata = { name: `scalpstorm-${file.replace(/\.env$/, '')}` };
    return { apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(data) };
  });
}

async function kustomize(kubectl, folder) {
  const { stdout } = await run(kubectl, ['kustomize', folder], { maxBuffer: outputBytesMax, timeout: renderMs });
  return objectsOf(stdout);
}

/** @throws Error for YAML that says a key twice, or is broken */
export function objectsOf(text) {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return withWholeSecrets(document.toJS());
  });
}

/** Kustomize folds long values into lines; the server takes them so, a strict reader of base64 does not. */
function withWholeSecrets(object) {
  if (object?.kind !== 'Secret') return object;
  const data = Object.entries(object.data ?? {}).map(([key, value]) => [key, String(value).replaceAll('\n', '')]);
  return { ...object, data: Object.fromEntries(data) };
}
