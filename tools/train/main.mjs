// `npm run train`: capture → features and labels → model → figures → model.onnx and model.json. The same data and seed give the
// same bytes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { millisecond, second } from '@scalpstorm/kernel';
import {
  buildDataset,
  featureNames,
  featureSetId,
  inputName,
  isFault,
  networkToOnnx,
  outputName,
  train,
} from '@scalpstorm/learning';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { runtimeRoot } from '../paths.mjs';
import { say } from '../progress.mjs';
import { helpText, parseTrainOptions } from './options.mjs';
import { recordedCapture } from './recorded-capture.mjs';
import { reportText } from './report.mjs';
import { syntheticCapture } from './synthetic-capture.mjs';

/** Longer than the time between two samples, shorter than anything changes. */
const validForMs = 1_000;
const opset = 17;
const network = { passes: 20, batch: 256, rate: 0.005, ridge: 0.001 };
const syntheticNote =
  "The simulated exchange's market is made of waves, which a model can learn. What it earns there says nothing about a real market.";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const bytesOf = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
/** A figure that can not be told is null in JSON; so that the card says it, it is made so here. */
const plain = (value) => JSON.parse(JSON.stringify(value));

async function capture(options) {
  const file = options['--file'];
  if (file === undefined) {
    const wanted = { symbol: options['--symbol'], seed: options['--seed'], minutes: options['--minutes'] };
    const text = `${wanted.minutes} minutes of the simulated ${wanted.symbol}, seed ${wanted.seed}`;
    return { events: syntheticCapture(wanted), source: 'synthetic', text, serves: ['sim:*'], note: syntheticNote };
  }
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file);
  if (!existsSync(path)) {
    throw new Failure('FILE_NOT_FOUND', `there is no ${path}.`, {
      where: '--file',
      next: 'give the path of a capture',
      exitCode: 2,
    });
  }
  const events = await recordedCapture(path);
  const first = events.find(({ kind }) => kind === 'quote');
  const serves = first === undefined ? [] : [first.quote.instrumentId];
  return { events, source: 'recorded', text: `the capture ${file.split('/').at(-1)}`, serves, note: '' };
}

function specOf(options) {
  return {
    targetBps: options['--target-bps'],
    stopBps: options['--stop-bps'],
    horizon: options['--hold-seconds'] * second,
    delay: options['--delay-ms'] * millisecond,
  };
}

function cardOf({ options, data, dataset, trained, onnx }) {
  const { targetBps, stopBps, horizon, delay } = specOf(options);
  const settings = { ...network, hidden: options['--hidden'] };
  return plain({
    format: 1,
    name: options['--name'],
    version: String(options['--version']),
    onnx: {
      file: 'model.onnx',
      sha256: sha256(onnx),
      opset,
      input: inputName,
      output: outputName,
      outputs: ['up', 'down'],
    },
    features: { set: featureSetId, names: featureNames },
    serves: options['--for']?.split(',') ?? data.serves,
    validForMs,
    label: {
      kind: 'triple-barrier',
      targetBps,
      stopBps,
      horizonMs: horizon / millisecond,
      delayMs: delay / millisecond,
    },
    payoff: trained.payoff,
    data: {
      source: data.source,
      text: data.text,
      events: data.events.length,
      rowsSha256: sha256(bytesOf(dataset.features), dataset.up.won, dataset.down.won),
    },
    training: { seed: options['--seed'], network: settings, feesBps: options['--fees-bps'], rows: trained.rows },
    outOfSample: trained.outOfSample,
    edge: trained.edge,
    note: data.note,
  });
}

/**
 * Whole or not at all: a service that looks meanwhile sees no half of it.
 * @throws {Failure} MODEL_NOT_WRITTEN
 */
function write(folder, files) {
  const making = `${folder}.${process.pid}.making`;
  try {
    mkdirSync(making, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(making, name), content);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } catch (cause) {
    const next = 'give --out a folder that can be written';
    throw new Failure('MODEL_NOT_WRITTEN', cause.message, { where: folder, next, cause });
  }
}

async function main(args) {
  const options = parseTrainOptions(args);
  if (options['--help']) {
    process.stdout.write(helpText);
    return 0;
  }
  const data = await capture(options);
  const dataset = buildDataset(data.events, specOf(options));
  const settings = { ...network, hidden: options['--hidden'] };
  const trained = train(dataset, { network: settings, seed: options['--seed'], feesBps: options['--fees-bps'] });
  if (isFault(trained)) {
    throw new Failure(trained.code, `${trained.text}.`, {
      where: data.text,
      next:
        trained.code === 'TOO_FEW_ROWS'
          ? 'give a longer capture, or more --minutes'
          : 'give nearer or farther --target-bps and --stop-bps',
    });
  }
  const onnx = networkToOnnx(trained.network, trained.calibration);
  const card = cardOf({ options, data, dataset, trained, onnx });
  const out = resolve(process.env.INIT_CWD ?? process.cwd(), options['--out'] ?? join(runtimeRoot, 'models'));
  const folder = join(out, card.name, card.version);
  write(folder, { 'model.onnx': onnx, 'model.json': `${JSON.stringify(card, null, 2)}\n` });
  if (options['--json']) process.stdout.write(`${JSON.stringify(card)}\n`);
  else process.stdout.write(`${reportText(card, folder)}\n`);
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}
