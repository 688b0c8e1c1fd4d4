/** Objects of the whole cluster: two overlays in one cluster would take each other's away. */
const clusterWide = ['Namespace', 'PriorityClass'];

/** @param {readonly {overlay: string, objects: readonly object[]}[]} rendered every composition */
export function sharedFailures(rendered) {
  const owners = new Map();
  const failures = [];
  for (const { overlay, objects } of rendered) {
    for (const { kind, metadata } of objects.filter((object) => clusterWide.includes(object.kind))) {
      const object = `${kind}/${metadata.name}`;
      const owner = owners.get(object) ?? overlay;
      owners.set(object, owner);
      if (owner !== overlay)
        failures.push({ overlay, object, code: 'SHARED_BY_OVERLAYS', text: `is also made by ${owner}` });
    }
  }
  return failures;
}
