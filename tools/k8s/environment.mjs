/**
 * What a container's variables will be, and which of them come from nowhere.
 * @returns {{variables: Record<string, {value: string, isExample: boolean}>, faults: readonly {code: string, text: string}[]}}
 */
export function environmentOf(overlay, container) {
  const variables = {};
  const faults = [];
  const fault = (code, text) => faults.push({ code, text });
  for (const source of container.envFrom ?? []) {
    const found = wholeSource(overlay, source);
    if (found.data === undefined) fault(found.code, `there is no ${found.text}`);
    for (const [key, value] of Object.entries(found.data ?? {})) variables[key] = { value, isExample: found.isExample };
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) variables[name] = { value: value ?? '', isExample: false };
    else {
      const found = oneSource(overlay, valueFrom);
      if (found.value !== undefined) variables[name] = { value: found.value, isExample: found.isExample };
      else if (!found.optional) fault(found.code, `${name}: there is no ${found.text}`);
    }
  }
  return { variables, faults };
}

function wholeSource(overlay, { configMapRef, secretRef }) {
  const name = (configMapRef ?? secretRef).name;
  if (configMapRef !== undefined) {
    const data = overlay.named('ConfigMap', name)?.data;
    return { data, isExample: false, code: 'CONFIG_MAP_UNKNOWN', text: `ConfigMap ${name}` };
  }
  const data = overlay.secretNamed(name);
  return { data, isExample: !overlay.ownsSecrets, code: 'SECRET_UNKNOWN', text: `Secret ${name}` };
}

function oneSource(overlay, { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }) {
  if (fieldRef !== undefined || resourceFieldRef !== undefined)
    return { value: 'told-by-the-cluster', isExample: true };
  const { name, key, optional = false } = configMapKeyRef ?? secretKeyRef;
  if (configMapKeyRef !== undefined) {
    const value = overlay.named('ConfigMap', name)?.data?.[key];
    return { value, optional, isExample: false, code: 'CONFIG_MAP_KEY', text: `key ${key} in ConfigMap ${name}` };
  }
  const value = overlay.secretNamed(name)?.[key];
  // Optional only means that it may be empty: the form of the Secret names it all the same, or it is a misspelling.
  return { value, isExample: !overlay.ownsSecrets, code: 'SECRET_KEY', text: `key ${key} in Secret ${name}` };
}
