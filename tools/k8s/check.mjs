import { schemaFaults } from './closed-schema.mjs';
import { failuresOf, Overlay, whereOf } from './overlay.mjs';
import { availabilityFailures } from './policies/availability.mjs';
import { dataFailures } from './policies/data.mjs';
import { decisionFailures } from './policies/decisions.mjs';
import { networkFailures } from './policies/network.mjs';
import { patienceFailures } from './policies/patience.mjs';
import { podFailures } from './policies/pods.mjs';
import { referenceFailures } from './policies/references.mjs';
import { resourceFailures } from './policies/resources.mjs';
import { settingFailures } from './policies/settings.mjs';
import { sharedFailures } from './policies/shared.mjs';
import { compositions, formsOf, render } from './render.mjs';

/** Whose Secrets are the form of those that the other overlays expect. */
const example = 'dev';

/**
 * Renders everything and judges each object.
 * @param {string} kubectl
 * @returns {Promise<{overlays: number, objects: number, failures: readonly object[]}>}
 */
export async function checkManifests(kubectl) {
  const wanted = compositions();
  const rendered = await Promise.all(wanted.map(async (one) => ({ ...one, ...(await rendering(kubectl, one)) })));
  const form = rendered.find(({ name }) => name === example)?.objects ?? [];
  const failures = [...sharedFailures(rendered)];
  for (const one of rendered) {
    const { name, overlay, objects, broken } = one;
    failures.push(...(await judge({ name, objects, broken, example: [...form, ...formsOf(overlay)] })));
  }
  return {
    overlays: wanted.length,
    objects: rendered.reduce((sum, { objects }) => sum + objects.length, 0),
    failures,
  };
}

async function rendering(kubectl, composition) {
  try {
    return { objects: await render(kubectl, composition) };
  } catch (error) {
    const text = String(error.stderr || error.message).trim();
    return {
      objects: [],
      broken: [{ overlay: composition.name, object: 'kustomization', code: 'NOT_RENDERED', text }],
    };
  }
}

/** @param {{name: string, objects: readonly object[], example: readonly object[], broken?: readonly object[]}} rendered */
export async function judge({ broken, ...rendered }) {
  if (broken !== undefined) return broken;
  const overlay = new Overlay(rendered);
  const say = failuresOf(overlay);
  const shapes = [];
  for (const object of overlay.objects)
    shapes.push(...(await schemaFaults(object)).map((text) => say(whereOf(object), 'SCHEMA', text)));
  const { failures, environments } = await settingFailures(overlay);
  return [
    ...shapes,
    ...podFailures(overlay),
    ...resourceFailures(overlay),
    ...patienceFailures(overlay),
    ...availabilityFailures(overlay),
    ...referenceFailures(overlay),
    ...failures,
    ...dataFailures(overlay, environments),
    ...decisionFailures(overlay, environments),
    ...networkFailures(overlay, environments),
  ];
}
