// Times of runs that do different things say nothing.

/** Far above what the order of a sum changes, far below what a trade changes. */
const apartMax = 1e-7;

export function agree(what, least, ours) {
  for (const [name, wanted] of Object.entries(least)) {
    const value = ours[name];
    if (wanted === value || Math.abs(wanted - value) <= apartMax * Math.max(1, Math.abs(wanted))) continue;
    throw new Error(`${what}: ${name} is ${value}, and ${wanted} by hand`);
  }
}
