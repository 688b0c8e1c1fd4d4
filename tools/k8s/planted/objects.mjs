/** Names of ConfigMaps and Secrets end with a hash of their content. */
const isCalled = (object, name) =>
  object.metadata.name === name || object.metadata.name.replace(/-[a-z0-9]{10}$/, '') === name;

/** Where a fault is planted in what kubectl rendered. */
export const at = (objects, kind, name) =>
  objects.find((object) => object.kind === kind && isCalled(object, name)) ?? missing(kind, name);
export const podOf = (objects, name, kind = 'Deployment') => at(objects, kind, name).spec.template;
export const containerOf = (objects, name, kind = 'Deployment') => podOf(objects, name, kind).spec.containers[0];
export const variableOf = (objects, name, variable) =>
  containerOf(objects, name).env.find((one) => one.name === variable);
export const without = (objects, kind, name) => objects.splice(objects.indexOf(at(objects, kind, name)), 1);

function missing(kind, name) {
  throw new Error(`there is no ${kind} ${name} to plant a fault in`);
}
