import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { Refusal } from '@scalpstorm/contracts';
import { WallClock } from '@scalpstorm/observability';
import type { FastifyReply } from 'fastify';
import { refused } from '../domain/tensor-checks.js';
import { Baseline } from './baseline.js';
import { Infer } from './infer.js';
import { Models, type ServingModel } from './models.js';
import {
  outputFault,
  readInfer,
  retryAfterOf,
  statusOf,
  wantsBaseline,
  writeBaseline,
  writeError,
  writeInferred,
} from './open-inference.js';

const serverVersion = '0.1.0';

/** Open Inference Protocol v2 over HTTP, so that clients of Triton, MLServer and KServe work with it. */
@Controller('v2')
export class OpenInferenceController {
  constructor(
    private readonly infer: Infer,
    private readonly baseline: Baseline,
    private readonly models: Models,
    private readonly clock: WallClock,
  ) {}

  @Get()
  server() {
    return { name: 'scalpstorm-inference', version: serverVersion, extensions: [] };
  }

  @Get('health/live')
  live() {
    return { live: true };
  }

  @Get('health/ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.status(this.models.isReady ? 200 : 503);
    return { ready: this.models.isReady };
  }

  @Get('models/:model')
  model(@Param('model') model: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.metadata(model, null, reply);
  }

  @Get('models/:model/versions/:version')
  modelVersion(
    @Param('model') model: string,
    @Param('version') version: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.metadata(model, version, reply);
  }

  @Get('models/:model/ready')
  modelReady(@Param('model') model: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.readiness(model, null, reply);
  }

  @Get('models/:model/versions/:version/ready')
  versionReady(
    @Param('model') model: string,
    @Param('version') version: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.readiness(model, version, reply);
  }

  @Post('models/:model/infer')
  run(@Param('model') model: string, @Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer({ model, version: null }, body, reply);
  }

  @Post('models/:model/versions/:version/infer')
  runVersion(
    @Param('model') model: string,
    @Param('version') version: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer({ model, version }, body, reply);
  }

  private async answer(place: { model: string; version: string | null }, body: unknown, reply: FastifyReply) {
    const arrivedAt = this.clock.now();
    const card = this.models.cardOf(place.model);
    const fault = card === null ? null : outputFault(body, card.output);
    const request = fault ?? readInfer(body, place, arrivedAt);
    if ('code' in request) {
      this.infer.count(place.model, request.code, arrivedAt);
      return refuse(request, reply);
    }
    const answer = await this.infer.infer(request);
    reply.status(200);
    if (answer.ok) return writeInferred(answer);
    const [refusal = refused('INFERENCE_FAILED', '', 'no reason was given', '')] = answer.refusals;
    const instead = wantsBaseline(body) ? this.baseline.answer(request, refusal, arrivedAt) : null;
    return instead === null ? refuse(refusal, reply) : writeBaseline(request, instead);
  }

  private metadata(model: string, version: string | null, reply: FastifyReply) {
    const serving = this.find(model, version);
    if (serving === null) return refuse(this.why(model, version), reply);
    const { card, lane } = serving;
    const { provider, skipped } = lane.model;
    return {
      name: card.name,
      versions: [card.version],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: card.input, datatype: 'FP32', shape: [-1, card.features.length] }],
      outputs: [{ name: card.output, datatype: 'FP32', shape: [-1, card.outputs.length] }],
      parameters: {
        provider,
        skipped_providers: skipped,
        sha256: card.sha256,
        features: card.features,
        feature_set: card.featureSet,
        columns: card.outputs,
        serves: card.serves,
        edge: card.edge.text,
        note: card.note,
      },
    };
  }

  private why(model: string, version: string | null): Refusal {
    const fault = this.models.get(model) === null ? this.models.faultOf(model) : null;
    if (fault === null) return notFound(model, version);
    return refused('MODEL_UNAVAILABLE', '', `${fault.code}: ${fault.text}`, '', fault.next);
  }

  private readiness(model: string, version: string | null, reply: FastifyReply) {
    const ready = this.find(model, version) !== null;
    reply.status(ready ? 200 : 404);
    return { name: model, ready };
  }

  private find(model: string, version: string | null): ServingModel | null {
    const serving = this.models.get(model);
    return serving !== null && (version === null || serving.card.version === version) ? serving : null;
  }
}

function refuse(refusal: Refusal, reply: FastifyReply) {
  reply.status(statusOf(refusal));
  const retryAfter = retryAfterOf(refusal);
  if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
  return writeError(refusal);
}

function notFound(model: string, version: string | null): Refusal {
  const what = version === null ? `model "${model}"` : `version ${version} of model "${model}"`;
  return refused('MODEL_NOT_FOUND', '', `no ${what} serves`, '', 'Choose one that serves.');
}
