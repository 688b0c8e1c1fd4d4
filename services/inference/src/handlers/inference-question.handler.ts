import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type InferenceAnswer, type InferenceRequest, inferenceQuestion } from '@scalpstorm/contracts';
import { Infer } from './infer.js';

@Controller()
export class InferenceQuestionHandler {
  constructor(private readonly infer: Infer) {}

  @Answers(inferenceQuestion)
  async answer(request: InferenceRequest): Promise<InferenceAnswer> {
    if (request.kind === 'infer') return this.infer.infer(request);
    return { ok: true, value: { kind: 'models', models: this.infer.describe() } };
  }
}
