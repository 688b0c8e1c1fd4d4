// I9: every chain of the audit verifies after the faults, from its beginning to its end, against the anchors that were told of it.

/** More would be a chain without an end. */
const pagesMax = 1_000;

/** Every row of one chain, part by part. */
async function verify(client, { service, chain }) {
  let rows = 0;
  for (let page = 0, after = null; page < pagesMax; page += 1) {
    const check = await client.verifyAudit({ service, chain, after });
    rows += check.rows;
    if (check.fault !== null) {
      const { kind, sequence, about, text } = check.fault;
      return { rows, violations: [`the audit of ${service}/${chain}, row ${sequence} ${about}, ${kind}: ${text}`] };
    }
    if (check.complete) return { rows, violations: [] };
    after = check.last;
  }
  return { rows, violations: [`the audit of ${service}/${chain} has no end after ${rows} rows`] };
}

/**
 * @param {{auditChains: () => Promise<readonly object[]>, verifyAudit: (part: object) => Promise<object>}} client an administrator's
 * @returns {Promise<{chains: number, rows: number, violations: readonly string[]}>}
 * @throws when a service does not answer for its chains: nothing is known then
 */
export async function verifyAudit(client) {
  const chains = await client.auditChains();
  const silent = chains.filter(({ answered }) => !answered).map(({ service }) => service);
  if (silent.length > 0) throw new Error(`${silent.join(', ')} did not answer for its audit`);
  const looked = [];
  for (const one of chains) looked.push(await verify(client, one));
  const rows = looked.reduce((sum, one) => sum + one.rows, 0);
  const empty = chains.length === 0 || rows === 0 ? ['the audit has no rows'] : [];
  return { chains: chains.length, rows, violations: [...looked.flatMap(({ violations }) => violations), ...empty] };
}
