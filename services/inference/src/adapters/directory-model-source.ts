import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isModelName, isVersion, type ModelCard } from '../domain/model-card.js';
import { type FoundModel, ModelSource, type ReadModel } from '../ports/model-source.js';

/** Nobody has more; a folder of something else is not read to its end. */
const modelsMax = 100;
const onnxBytesMax = 512 * 2 ** 20;

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
    });
    const text = await readFile(join(folder, 'model.json'), 'utf8').catch((error: Error) => error);
    if (text instanceof Error) return invalid(text.message);
    const parsed = parseCard(text);
    if (typeof parsed === 'string') return invalid(parsed);
    if (parsed.name !== name || parsed.version !== version) {
      return invalid(`the card is of ${parsed.name} ${parsed.version}, the folder of ${name} ${version}`);
    }
    const bytes = await this.onnx(folder).catch((error: Error) => error);
    if (bytes instanceof Error) return invalid(bytes.message);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 === parsed.sha256) return { ok: true, card: parsed, bytes };
    const differs = `model.onnx has the hash ${sha256}, its card vouches for ${parsed.sha256}`;
    return {
      ok: false,
      fault: { code: 'MODEL_HASH_MISMATCH', text: differs, next: 'Restore the file, or train it again.' },
    };
  }

  private async stampOf(name: string, version: string): Promise<string> {
    const files = ['model.json', 'model.onnx'].map((file) => stat(join(this.folder, name, version, file)));
    return (await Promise.all(files)).map(({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`).join();
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
  const { name, version, onnx, features, serves, validForMs, label, payoff: pays, edge, note } = parsed.data;
  const { sha256, input, output, outputs } = onnx;
  const shape = { input, output, outputs, featureSet: features.set, features: features.names };
  return { name, version, sha256, ...shape, serves, validForMs, horizonMs: label.horizonMs, payoff: pays, edge, note };
}
