// Who speaks as whom, and with whose password. Every secret of the .env that is checked with differs, so that none passes for another.

/** Makes streams and consumers, which no service may. */
const administrator = 'admin';

const passwordVariable = (user) => `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;

function checkBusUser({ name, service, variables, fail }) {
  const { NATS_USER: user, NATS_PASSWORD: password, NATS_URL: url } = service.environment ?? {};
  if (url === undefined) return;
  const wanted = service.build?.target === 'setup' ? administrator : service.build?.target;
  if (user !== wanted) fail(`${name}: speaks on the bus as ${user}, not as ${wanted}`);
  if (password !== variables[passwordVariable(wanted)])
    fail(`${name}: its NATS_PASSWORD is not \${${passwordVariable(wanted)}}`);
}

/** Each user of the bus is written with the password that its service has. */
function checkWrittenUsers({ name, service, variables, fail }) {
  if (service.command?.[0] !== 'nats-users') return;
  for (const [key, value] of Object.entries(service.environment ?? {}))
    if (key.startsWith('NATS_PASSWORD_') && value !== variables[key]) fail(`${name}: ${key} is not \${${key}}`);
}

const passwordOf = (url) => (URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined);

function checkStores({ name, service, document, fail }) {
  const { POSTGRES_URL, POSTGRES_ADMIN_URL, REDIS_URL } = service.environment ?? {};
  const { setup, postgres, redis } = document.services;
  const made = Object.values({ setup }).map((one) => one?.environment?.POSTGRES_URL);
  if (POSTGRES_URL !== undefined && !made.includes(POSTGRES_URL))
    fail(`${name}: its POSTGRES_URL is not the one that setup makes`);
  if (POSTGRES_ADMIN_URL !== undefined && passwordOf(POSTGRES_ADMIN_URL) !== postgres?.environment?.POSTGRES_PASSWORD)
    fail(`${name}: its POSTGRES_ADMIN_URL has not the password of postgres`);
  if (POSTGRES_ADMIN_URL !== undefined && name !== 'setup') fail(`${name}: only setup may change the database server`);
  if (REDIS_URL !== undefined && passwordOf(REDIS_URL) !== redis?.environment?.REDISCLI_AUTH)
    fail(`${name}: its REDIS_URL has not the password of redis`);
}

/** Without its password a server of ours would take everybody. */
function checkLocks({ document, fail }) {
  const { postgres, redis } = document.services;
  const long = (text) => typeof text === 'string' && text.length >= 16;
  if (!long(postgres?.environment?.POSTGRES_PASSWORD)) fail('postgres: has no password');
  if (postgres?.environment?.POSTGRES_HOST_AUTH_METHOD !== undefined)
    fail('postgres: POSTGRES_HOST_AUTH_METHOD is set');
  if (!/--auth=scram-sha-256\b/.test(postgres?.environment?.POSTGRES_INITDB_ARGS ?? ''))
    fail('postgres: takes other log-ins than scram-sha-256');
  if (!long(redis?.environment?.REDISCLI_AUTH)) fail('redis: has no password');
  if (!/\brequirepass %s[^|;]*"\$REDISCLI_AUTH"/.test([redis?.entrypoint ?? []].flat().join(' ')))
    fail('redis: asks nobody for its password');
}

const secretName = /PASSWORD|SECRET|TOKEN|(^|_)KEYS?$/;

/** What a variable is when nobody sets it. A secret has no such value, and live trading is never on by itself. */
function checkDefaults({ raw, variables, text, fail }) {
  for (const [, name, value] of text.matchAll(/\$\{([A-Z_]+):?-([^}]+)\}/g))
    if (secretName.test(name)) fail(`${name} has the value ${value} when nobody sets it`);
  const given = Object.entries(raw.services).map(([name, { environment }]) => [name, environment?.LIVE_TRADING]);
  for (const [name, value] of given.filter(([, one]) => one !== undefined))
    if (value !== `\${LIVE_TRADING:-no}`) fail(`${name}: LIVE_TRADING is ${value}, not \${LIVE_TRADING:-no}`);
  if (variables.LIVE_TRADING !== 'no') fail('LIVE_TRADING of .env.example is not no');
}

/**
 * @param {{document: object, raw: object, variables: Record<string, string>, text: string}} wanted the document with its variables
 *   replaced by `variables`, the same before that, and its text
 * @returns {string[]} what is wrong
 */
export function checkIdentities({ document, raw, variables, text }) {
  const failures = [];
  const fail = (problem) => failures.push(`docker-compose.yml: ${problem}`);
  for (const [name, service] of Object.entries(document.services)) {
    const subject = { name, service, document, variables, fail };
    checkBusUser(subject);
    checkWrittenUsers(subject);
    checkStores(subject);
  }
  checkLocks({ document, fail });
  checkDefaults({ raw, variables, text, fail });
  return failures;
}
