// What a process really wrote into Postgres, told by Postgres itself: triggers note each committed write with the connection it came by.
import postgres from 'postgres';
import { schemaOf } from '../recovery/books.mjs';

/** The services of which only the holder of a lease may write, and their schemas. */
const schemas = { execution: 'execution', 'risk-gate': 'risk', strategy: 'strategy' };

const events = ['insert', 'update', 'delete'];

/**
 * What anybody may write who once had the lease: whoever carries committed events, under their own ids, takes them from the outbox; and
 * a verdict that was told is written down by the gate that told it, into a chain that stands several writers.
 */
const harmless = {
  execution: ['DELETE outbox'],
  strategy: ['DELETE outbox'],
  'risk-gate': ['DELETE outbox', 'INSERT verdicts', 'INSERT audit_heads', 'UPDATE audit_heads'],
};

/**
 * @param {string} service
 * @param {readonly {relation: string, event: string}[]} writes of a process that had lost the lease
 */
export const forbiddenOf = (service, writes) =>
  writes.filter(({ rows, relation, event }) => rows > 0 && !harmless[service].includes(`${event} ${relation}`));

const leases = ['lease', 'leases'];

/**
 * Statements by which it would have written, had its token been the newest: Postgres carried them out and put nothing in. Its lease is not
 * renewed, and rows that were to be inserted are not there.
 * @returns {readonly {relation: string, event: string, empty: number}[]}
 */
export const refusedOf = (service, writes) =>
  writes.filter(
    ({ empty, relation, event }) =>
      empty > 0 &&
      (event === 'INSERT' || leases.includes(relation)) &&
      !harmless[service].includes(`${event} ${relation}`),
  );

async function install(sql, schema) {
  const tables = await sql`
    select table_name as name from information_schema.tables where table_schema = ${schema} and table_type = 'BASE TABLE'`;
  for (const { name } of tables)
    for (const event of events)
      await sql`
        create trigger ${sql(`chaos_${event}`)} after ${sql.unsafe(event)} on ${sql(schema)}.${sql(name)}
          referencing ${sql.unsafe(event === 'delete' ? 'old' : 'new')} table as written
          for each statement execute function chaos.note()`;
}

/** A write of another transaction that is rolled back leaves no note, because the note is in it. */
async function prepare(sql) {
  await sql`create schema chaos`;
  await sql`create table chaos.watch (service text not null)`;
  await sql`create table chaos.writes (at timestamptz not null, port integer, relation text not null, event text not null, rows bigint not null)`;
  await sql.unsafe(`
    create function chaos.note() returns trigger language plpgsql as $$
    declare counted bigint;
    begin
      if exists (select 1 from chaos.watch) then
        select count(*) into counted from written;
        insert into chaos.writes values (clock_timestamp(), inet_client_port(), tg_table_name, tg_op, counted);
      end if;
      return null;
    end $$`);
}

/**
 * @param {{postgresUrl: string, namespace: string}} where past the proxies
 */
export function createWitness({ postgresUrl, namespace }) {
  const ask = async (work) => {
    const sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
    try {
      return await work(sql);
    } finally {
      await sql.end();
    }
  };
  return {
    install: () =>
      ask(async (sql) => {
        await prepare(sql);
        for (const schema of Object.values(schemas)) await install(sql, schemaOf(namespace, schema));
      }),
    /** Notes every write from now on. */
    watch: (service) => ask((sql) => sql`insert into chaos.watch values (${service})`),
    /** What came by one of these ports in that time; notes nothing more. */
    tell: ({ ports, from, to }) =>
      ask(async (sql) => {
        // Not truncated: that would wait for a transaction in which the loser stands still, and everybody else behind it.
        await sql`delete from chaos.watch`;
        const found = await sql`
          select relation, event, sum(rows)::int as rows, count(*) filter (where rows = 0)::int as empty, min(at) as at
            from chaos.writes
           where port = any(${[...ports]}) and at between ${new Date(from)} and ${new Date(to)}
           group by relation, event order by at`;
        await sql`delete from chaos.writes`;
        return [...found];
      }),
    /** Who may write for a service: the token grows with every taking. */
    token: (service) =>
      ask(async (sql) => {
        const schema = sql(schemaOf(namespace, schemas[service]));
        const rows =
          service === 'execution'
            ? await sql`select sum(token)::text as token from ${schema}.leases`
            : await sql`select token::text as token from ${schema}.lease`;
        return BigInt(rows[0]?.token ?? '0');
      }),
  };
}
