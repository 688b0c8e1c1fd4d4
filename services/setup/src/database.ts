import postgres from 'postgres';

export interface DatabaseWanted {
  /** As the services have it. */
  readonly url: string;
  /** Who may create its user and its database; without it both must be there. */
  readonly adminUrl: string | undefined;
}

const name = /^[a-z_][a-z0-9_]{0,62}$/;
const connectSeconds = 5;

/** A setting that can never work, however long one waits. */
export class BadDatabaseUrl extends Error {
  override readonly name = 'BadDatabaseUrl';
  readonly code = 'POSTGRES_URL_INVALID';
}

/** Makes the services' user and database what `POSTGRES_URL` says, and proves that it opens. Repeating it changes nothing. */
export async function ensureDatabase({ url, adminUrl }: DatabaseWanted): Promise<void> {
  if (adminUrl !== undefined) await connected(adminUrl, (sql) => provision(sql, partsOf(url)));
  await connected(url, async (sql) => {
    await sql`SELECT 1`;
  });
}

interface Parts {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

function partsOf(url: string): Parts {
  const { username, password, pathname } = new URL(url);
  const parts = {
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
  if (name.test(parts.user) && name.test(parts.database) && parts.password !== '') return parts;
  throw new BadDatabaseUrl(
    'POSTGRES_URL must name a user and a database of small letters, digits and underscores, and a password, ' +
      'as in postgres://scalpstorm:password@postgres:5432/scalpstorm, because POSTGRES_ADMIN_URL is to create them',
  );
}

async function provision(sql: postgres.Sql, { user, password, database }: Parts): Promise<void> {
  const [role] = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${user}`;
  const verb = role === undefined ? 'CREATE' : 'ALTER';
  // The server itself quotes what stands in a statement that takes no parameters.
  await run(
    sql,
    sql`SELECT format(${`${verb} ROLE %I LOGIN PASSWORD %L`}, ${user}::text, ${password}::text) AS statement`,
  );
  const [found] = await sql`SELECT 1 FROM pg_database WHERE datname = ${database}`;
  if (found === undefined) {
    // A managed server's administrator may give away only what its own role may.
    await run(sql, sql`SELECT format('GRANT %I TO CURRENT_USER', ${user}::text) AS statement`);
    await run(sql, sql`SELECT format('CREATE DATABASE %I OWNER %I', ${database}::text, ${user}::text) AS statement`);
  }
  await run(sql, sql`SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', ${database}::text) AS statement`);
}

async function run(sql: postgres.Sql, formatted: postgres.PendingQuery<postgres.Row[]>): Promise<void> {
  const [row] = await formatted;
  await sql.unsafe(String(row?.['statement']));
}

async function connected(url: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: connectSeconds, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: connectSeconds });
  }
}
