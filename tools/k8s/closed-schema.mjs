/**
 * What a schema of Kubernetes says of an object, closed: a field that the schema does not know is a fault. The published schemas are
 * open, as the server's are. But a validator made from one reads every field that it knows, so what it has not read is unknown.
 * @param {object} object
 * @returns {Promise<readonly string[]>} what is wrong, in words
 */
export async function schemaFaults(object) {
  const name = schemaName(object);
  if (name === null) return ['has no apiVersion and kind'];
  let validate;
  try {
    ({ validate } = await import(`kubernetes-models/_schemas/${name}`));
  } catch (error) {
    if (!/MODULE_NOT_FOUND$/.test(error.code)) throw error;
    return [`${object.apiVersion} ${object.kind} is not known to Kubernetes`];
  }
  const reading = new Reading();
  validate(reading.view(object));
  const wrong = (validate.errors ?? []).map(inWords);
  return [...new Set([...wrong, ...unread(object, reading, '')])];
}

/** `networking.k8s.io/v1` Ingress → `IoK8sApiNetworkingV1Ingress`; the group of `v1` is core. */
function schemaName({ apiVersion, kind }) {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return null;
  const [version, group = 'core'] = apiVersion.split('/').reverse();
  return `IoK8sApi${capital(group.split('.')[0])}${capital(version)}${kind}`;
}

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

function inWords({ instancePath, keyword, params }) {
  const where = instancePath.replace(/^\//, '').replaceAll('/', '.') || 'the object';
  if (keyword === 'required') return `${where}: ${params.missingProperty} is missing`;
  return `${where}: ${keyword} ${JSON.stringify(params)}`;
}

/** Shows an object and remembers which of its fields were looked at. */
class Reading {
  #views = new WeakMap();
  #read = new WeakMap();

  view(value) {
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#views.get(value);
    if (known !== undefined) return known;
    const read = new Set();
    const get = (target, key) => {
      read.add(key);
      return this.view(target[key]);
    };
    const view = new Proxy(value, { get });
    this.#views.set(value, view);
    this.#read.set(value, read);
    return view;
  }

  has(value, key) {
    return this.#read.get(value)?.has(key) ?? false;
  }
}

function unread(value, reading, path) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    const where = path === '' ? key : `${path}.${key}`;
    return reading.has(value, key) ? unread(value[key], reading, where) : [`${where}: unknown field`];
  });
}
