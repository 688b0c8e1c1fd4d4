import { clipAt, type Network } from '../models/network.js';
import type { Platt } from '../models/platt.js';
import { ProtobufWriter } from './protobuf-writer.js';

/** The names by which whoever serves the model feeds and reads it. */
export const inputName = 'features';
export const outputName = 'probabilities';

// Field numbers of onnx.proto (ONNX 1.16, IR version 8). https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const model = { irVersion: 1, producer: 2, graph: 7, opset: 8 } as const;
const opset = { domain: 1, version: 2 } as const;
const graph = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const node = { input: 1, output: 2, name: 3, opType: 4 } as const;
const tensor = { dims: 1, dataType: 2, name: 8, rawData: 9 } as const;
const valueInfo = { name: 1, type: 2 } as const;
const irVersion = 8;
/** Of the domain ai.onnx; every operator here is as it was in 13. */
const opsetVersion = 17;
const float32 = 1;

/**
 * The network with its calibration as one ONNX graph: [N, features] → [N, outputs], probabilities.
 * (features − mean) ÷ scale, clipped → MatMul, Add (, Tanh, MatMul, Add) → × slope + offset → Sigmoid.
 */
export function networkToOnnx(network: Network, calibration: readonly Platt[]): Uint8Array {
  const { inputs, hidden, outputs } = network;
  const made = new ProtobufWriter().text(graph.name, 'scalpstorm');
  let flowing = inputName;
  const apply = (opType: string, extra: readonly string[], name: string): void => {
    made.message(graph.node, nodeOf(opType, [flowing, ...extra], name));
    flowing = name;
  };
  apply('Sub', ['mean'], 'centred');
  apply('Div', ['scale'], 'standardised');
  apply('Clip', ['clip_low', 'clip_high'], 'clipped');
  if (hidden > 0) {
    apply('MatMul', ['hidden_weights'], 'hidden_product');
    apply('Add', ['hidden_biases'], 'hidden_sum');
    apply('Tanh', [], 'hidden');
  }
  apply('MatMul', ['weights'], 'product');
  apply('Add', ['biases'], 'scores');
  apply('Mul', ['slopes'], 'sloped');
  apply('Add', ['offsets'], 'calibrated');
  apply('Sigmoid', [], outputName);
  const constants: readonly Constant[] = [
    ['mean', [inputs], network.mean],
    ['scale', [inputs], network.scale],
    ['clip_low', [], [-clipAt]],
    ['clip_high', [], [clipAt]],
    ...(hidden > 0 ? hiddenConstants(network) : []),
    ['weights', [hidden === 0 ? inputs : hidden, outputs], network.weights],
    ['biases', [outputs], network.biases],
    ['slopes', [outputs], calibration.map(({ slope }) => slope)],
    ['offsets', [outputs], calibration.map(({ offset }) => offset)],
  ];
  for (const [name, dims, values] of constants) made.message(graph.initializer, tensorOf(name, dims, values));
  made.message(graph.input, tensorInfo(inputName, inputs)).message(graph.output, tensorInfo(outputName, outputs));
  const operators = new ProtobufWriter().text(opset.domain, '').integer(opset.version, opsetVersion);
  return new ProtobufWriter()
    .integer(model.irVersion, irVersion)
    .text(model.producer, 'scalpstorm')
    .message(model.graph, made)
    .message(model.opset, operators)
    .finish();
}

type Constant = readonly [name: string, dims: readonly number[], values: ArrayLike<number>];

const hiddenConstants = ({ inputs, hidden, hiddenWeights, hiddenBiases }: Network): readonly Constant[] => [
  ['hidden_weights', [inputs, hidden], hiddenWeights],
  ['hidden_biases', [hidden], hiddenBiases],
];

function nodeOf(opType: string, inputs: readonly string[], output: string): ProtobufWriter {
  const made = new ProtobufWriter();
  for (const name of inputs) made.text(node.input, name);
  return made.text(node.output, output).text(node.name, output).text(node.opType, opType);
}

/** Little-endian 32-bit floats, as the format wants them. */
function tensorOf(name: string, dims: readonly number[], values: ArrayLike<number>): ProtobufWriter {
  const made = new ProtobufWriter();
  for (const size of dims) made.integer(tensor.dims, size);
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index += 1) bytes.setFloat32(index * 4, values[index] ?? 0, true);
  return made
    .integer(tensor.dataType, float32)
    .text(tensor.name, name)
    .block(tensor.rawData, new Uint8Array(bytes.buffer));
}

/** [N, columns] of 32-bit floats; N is free. */
function tensorInfo(name: string, columns: number): ProtobufWriter {
  const rows = new ProtobufWriter().text(2, 'N');
  const width = new ProtobufWriter().integer(1, columns);
  const shape = new ProtobufWriter().message(1, rows).message(1, width);
  const tensorType = new ProtobufWriter().integer(1, float32).message(2, shape);
  const type = new ProtobufWriter().message(1, tensorType);
  return new ProtobufWriter().text(valueInfo.name, name).message(valueInfo.type, type);
}
