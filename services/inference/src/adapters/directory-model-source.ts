import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isModelName, isVersion, type ModelCard } from '../domain/model-card.js';
import { type FoundModel, ModelSource, type ReadModel } from '../ports/model-source.js';

/** Nobody has more; a folder of something else is not read to its end. */
const modelsMax = 100;
const onnxBytesMax = 512 * 2 ** 20;
/** A card that lies alone for longer is not being copied: its model is missing. */
const copyingMs = 10_000;

const finite = z.number();
const payoff = z.object({ winBps: finite, lossBps: finite });
const cardSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  onnx: z.object({
    file: z.literal('model.onnx'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    input: z.string().min(1),
    output: z.string().min(1),
    outputs: z.array(z.string()).min(1),
  }),
  features: z.object({ set: z.string(), names: z.array(z.string()).min(1) }),
  serves: z.array(z.string().regex(/^[a-z0-9-]+:(\*|[A-Z0-9]+-[A-Z0-9]+)$/)),
  validForMs: z.number().int().min(1).max(3_600_000),
  label: z.object({ horizonMs: z.number().positive() }),
  payoff: z.object({ up: payoff, down: payoff }),
  edge: z.object({ found: z.boolean(), text: z.string() }),
  note: z.string(),
  outOfSample: z.record(z.string(), z.object({ figures: z.object({ baseRate: z.number().min(0).max(1) }) })).optional(),
});

/** NAME/VERSION/{model.json,model.onnx} in a folder. */
export class DirectoryModelSource extends ModelSource {
  constructor(private readonly folder: string) {
    super();
  }

  async list(): Promise<readonly FoundModel[]> {
    const found: FoundModel[] = [];
    for (const name of (await readdir(this.folder)).filter(isModelName).slice(0, modelsMax)) {
      const versions = await readdir(join(this.folder, name)).catch(() => []);
      for (const version of versions.filter(isVersion)) {
        // One that is just being removed, or has no card yet, is none.
        const stamp = await this.stampOf(name, version).catch(() => null);
        if (stamp !== null) found.push({ name, version, stamp });
      }
    }
    return found;
  }

  async read({ name, version }: FoundModel): Promise<ReadModel> {
    const folder = join(this.folder, name, version);
    const invalid = (text: string): ReadModel => ({
      ok: false,
      fault: { code: 'MODEL_CARD_INVALID', text, next: `Write ${folder} anew: npm run train.` },
      card: null,
    });
    const text = await readFile(join(folder, 'model.json'), 'utf8').then(
      (read) => ({ read }),
      (error: unknown) => String(error),
    );
    if (typeof text === 'string') return invalid(text);
    const parsed = parseCard(text.read);
    if (typeof parsed === 'string') return invalid(parsed);
    if (parsed.name !== name || parsed.version !== version) {
      return invalid(`the card is of ${parsed.name} ${parsed.version}, the folder of ${name} ${version}`);
    }
    const bytes = await this.onnx(folder).catch((error: unknown) => String(error));
    if (typeof bytes === 'string') {
      const missing = { code: 'MODEL_FILE_MISSING' as const, text: bytes };
      return {
        ok: false,
        fault: { ...missing, next: `Put model.onnx into ${folder}, or train it again.` },
        card: parsed,
      };
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 === parsed.sha256) return { ok: true, card: parsed, bytes };
    const differs = `model.onnx has the hash ${sha256}, its card vouches for ${parsed.sha256}`;
    return {
      ok: false,
      fault: { code: 'MODEL_HASH_MISMATCH', text: differs, next: 'Restore the file, or train it again.' },
      card: parsed,
    };
  }

  private async stampOf(name: string, version: string): Promise<string> {
    const of = (file: string) => stat(join(this.folder, name, version, file));
    const card = await of('model.json');
    const onnx = await of('model.onnx').catch((error: unknown) => {
      if (Date.now() - card.mtimeMs < copyingMs) throw error;
      return null;
    });
    return [card, onnx].map((file) => (file === null ? 'none' : `${file.mtimeMs}:${file.size}:${file.ino}`)).join();
  }

  private async onnx(folder: string): Promise<Uint8Array> {
    const file = join(folder, 'model.onnx');
    const { size } = await stat(file);
    if (size > onnxBytesMax) throw new Error(`model.onnx has ${size} bytes, at most ${onnxBytesMax} are read`);
    return new Uint8Array(await readFile(file));
  }
}

/** The card, or what is wrong with it. */
function parseCard(text: string): ModelCard | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `model.json is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = cardSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `model.json: /${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'not a card'}`;
  }
  const {
    name,
    version,
    onnx,
    features,
    serves,
    validForMs,
    label,
    payoff: pays,
    edge,
    note,
    outOfSample,
  } = parsed.data;
  const rates = onnx.outputs.flatMap((column) => outOfSample?.[column]?.figures.baseRate ?? []);
  const baseRates = rates.length === onnx.outputs.length ? rates : null;
  const { sha256, input, output, outputs } = onnx;
  const shape = { input, output, outputs, featureSet: features.set, features: features.names };
  const facts = { serves, validForMs, horizonMs: label.horizonMs, payoff: pays, edge, note, baseRates };
  return { name, version, sha256, ...shape, ...facts };
}
