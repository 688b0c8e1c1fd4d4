import { describe, expect, test } from '@jest/globals';
import { judge } from '../check.mjs';
import { kubectlCommand } from '../kubectl.mjs';
import { sharedFailures } from '../policies/shared.mjs';
import { formsOf, render } from '../render.mjs';
import { networkFaults } from './network.mjs';
import { at } from './objects.mjs';
import { operationFaults } from './operation.mjs';
import { podFaults } from './pods.mjs';

const kubectl = await kubectlCommand().catch((error) => error);
const isThere = typeof kubectl === 'string';
if (!isThere) process.stderr.write(`skipped: faults in the manifests of k8s/: ${kubectl.message}\n`);

const rendered = new Map();
/** Each composition is rendered once; a fault is planted in a copy. */
async function objectsFor(composition) {
  const key = JSON.stringify(composition);
  if (!rendered.has(key)) rendered.set(key, render(kubectl, composition));
  return structuredClone(await rendered.get(key));
}

async function codesOf({ overlay, component }, plant, forms = formsOf(overlay)) {
  const objects = await objectsFor({ overlay, component });
  plant(objects);
  const name = component === undefined ? overlay : `${overlay} + ${component}`;
  const example = [...(await objectsFor({ overlay: 'dev' })), ...forms];
  return (await judge({ name, objects, example })).map(({ code }) => code);
}

(isThere ? describe : describe.skip)('the manifests', () => {
  test.each([...podFaults, ...networkFaults, ...operationFaults])(
    'with %s are refused: %s',
    async (_, code, plant, composition = { overlay: 'prod' }) => {
      expect(await codesOf(composition, plant)).toContain(code);
    },
  );

  test('with a database in another network are refused where its Secret asks for no certificate', async () => {
    const [form] = formsOf('prod');
    const url = Buffer.from(form.data.POSTGRES_URL, 'base64').toString('utf8');
    expect(url).toContain('sslmode=verify-full');
    const loose = url.replace('verify-full', 'require');
    const forms = [{ ...form, data: { ...form.data, POSTGRES_URL: Buffer.from(loose).toString('base64') } }];
    expect(await codesOf({ overlay: 'prod' }, () => undefined, forms)).toContain('POSTGRES_IN_CLEAR');
  });

  test('with a priority class of two overlays are refused', async () => {
    const compositions = ['dev', 'prod'].map((overlay) => ({ overlay }));
    const both = await Promise.all(compositions.map(async (one) => ({ ...one, objects: await objectsFor(one) })));
    expect(sharedFailures(both)).toEqual([]);
    at(both[0].objects, 'PriorityClass', 'scalpstorm-trading-dev').metadata.name = 'scalpstorm-trading';
    expect(sharedFailures(both).map(({ code }) => code)).toEqual(['SHARED_BY_OVERLAYS']);
  });
});
