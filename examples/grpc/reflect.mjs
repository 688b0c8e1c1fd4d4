// node examples/grpc/reflect.mjs: what the gateway serves, asked of itself; as `grpcurl -plaintext ADDRESS list` does.
import { createRequire } from 'node:module';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const say = (line) => process.stdout.write(`${line}\n`);
const address = process.env.GRPC_ADDRESS ?? '127.0.0.1:50051';
const proto = createRequire(import.meta.url).resolve(
  '@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
);
const { ServerReflection } = loadPackageDefinition(loadSync(proto)).grpc.reflection.v1;
const client = new ServerReflection(address, credentials.createInsecure());
const call = client.serverReflectionInfo();
const answers = call[Symbol.asyncIterator]();

async function ask(question) {
  call.write(question);
  return (await answers.next()).value;
}

const { listServicesResponse } = await ask({ listServices: '' });
for (const { name } of listServicesResponse.service) {
  say(name);
  const { fileDescriptorResponse } = await ask({ fileContainingSymbol: name });
  for (const bytes of fileDescriptorResponse?.fileDescriptorProto ?? []) {
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    const service = file.service.find((one) => `${file.package}.${one.name}` === name);
    for (const method of service?.method ?? []) say(`  ${method.name}${method.serverStreaming ? ' (stream)' : ''}`);
  }
}
call.end();
client.close();
