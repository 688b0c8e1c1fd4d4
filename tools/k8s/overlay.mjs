/** Kinds that run pods, and where the pods are described. */
const workloadKinds = ['Deployment', 'StatefulSet', 'Job', 'CronJob'];
const endingKinds = ['Job', 'CronJob'];

/** The rendered objects of one overlay, and what the policies ask about them. */
export class Overlay {
  /**
   * @param {{name: string, objects: readonly object[], example: readonly object[]}} rendered `example`: the objects of dev, whose
   *   Secrets are the form of those that the others expect to exist
   */
  constructor({ name, objects, example }) {
    this.name = name;
    this.objects = objects;
    this.workloads = workloadKinds.flatMap((kind) => this.of(kind)).map(workload);
    this.ownsSecrets = this.of('Secret').length > 0;
    this.secrets = byPlainName((this.ownsSecrets ? objects : example).filter(({ kind }) => kind === 'Secret'));
  }

  of(kind) {
    return this.objects.filter((object) => object.kind === kind);
  }

  named(kind, name) {
    return this.of(kind).find(({ metadata }) => metadata.name === name);
  }

  /** The values of a Secret, or undefined; in an overlay that makes none, those of the example. */
  secretNamed(name) {
    return this.secrets.get(this.ownsSecrets ? withoutHash(name) : name);
  }
}

function workload(object) {
  const { template, replicas = 1, strategy } = object.kind === 'CronJob' ? object.spec.jobTemplate.spec : object.spec;
  const pod = template.spec;
  const containers = pod.containers ?? [];
  return {
    object,
    where: whereOf(object),
    name: object.metadata.name,
    labels: template.metadata?.labels ?? {},
    annotations: template.metadata?.annotations ?? {},
    pod,
    replicas,
    strategy,
    containers,
    everyContainer: [...(pod.initContainers ?? []), ...containers],
    ports: containers.flatMap(({ ports = [] }) => ports),
    runsOn: !endingKinds.includes(object.kind),
    isService: template.metadata?.labels?.['scalpstorm/shape'] === 'service',
  };
}

export const whereOf = ({ kind, metadata }) => `${kind}/${metadata?.name ?? '?'}`;

const hash = /-[a-z0-9]{10}$/;
const withoutHash = (name) => name.replace(hash, '');

const decoded = (data = {}) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));

function byPlainName(secrets) {
  return new Map(secrets.map(({ metadata, data }) => [withoutHash(metadata.name), decoded(data)]));
}

/** Whether a label selector picks these labels; an empty one picks all, none at all picks nothing. */
export function selects(selector, labels) {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => meets(expression, labels))
  );
}

function meets({ key, operator, values = [] }, labels) {
  if (operator === 'Exists') return key in labels;
  if (operator === 'DoesNotExist') return !(key in labels);
  return values.includes(labels[key]) === (operator === 'In');
}

/** @returns {(where: string, code: string, text: string) => object} makes the failures of one overlay */
export const failuresOf = (overlay) => (where, code, text) => ({ overlay: overlay.name, object: where, code, text });
