-- Up Migration
CREATE TABLE jobs (
  sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- A function of whose it is and their command: a repeat is the same job.
  id           text NOT NULL UNIQUE,
  user_id      text NOT NULL,
  kind         text NOT NULL,
  name         text NOT NULL,
  -- 0 low, 1 normal, 2 high.
  priority     smallint NOT NULL,
  spec         jsonb NOT NULL,
  state        text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled')),
  canceling    boolean NOT NULL DEFAULT false,
  progress     double precision NOT NULL DEFAULT 0,
  -- How often it was begun; only grows, so that it tells one run from the next: whoever lost it writes nothing more.
  attempts     integer NOT NULL DEFAULT 0,
  -- How often whoever ran it was lost.
  losses       integer NOT NULL DEFAULT 0,
  -- Who runs it; by the clock of the database.
  holder       text,
  leased_until timestamptz,
  fault        jsonb,
  summary      jsonb,
  -- How many rows each series has.
  totals       jsonb,
  created_at   bigint NOT NULL,
  started_at   bigint,
  finished_at  bigint,
  CHECK ((state = 'running') = (holder IS NOT NULL)),
  CHECK ((state = 'running') = (leased_until IS NOT NULL)),
  CHECK ((state IN ('done', 'failed', 'canceled')) = (finished_at IS NOT NULL))
);
CREATE INDEX jobs_queued ON jobs (user_id, sequence) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (leased_until) WHERE state = 'running';
CREATE INDEX jobs_of_user ON jobs (user_id, kind, sequence DESC);
CREATE INDEX jobs_turns ON jobs (user_id, started_at DESC NULLS LAST);
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- What a job that is done has besides its summary, in chunks of the same number of rows.
CREATE TABLE series (
  job   bigint NOT NULL REFERENCES jobs ON DELETE CASCADE,
  name  text NOT NULL,
  chunk integer NOT NULL,
  rows  jsonb NOT NULL,
  PRIMARY KEY (job, name, chunk)
);
-- Bars that were fetched once: all of them were over, so they do not change. A CSV file, compressed.
CREATE TABLE bar_files (
  instrument_id text NOT NULL,
  timeframe     text NOT NULL,
  from_us       bigint NOT NULL,
  to_us         bigint NOT NULL,
  -- Of the text; hex.
  sha256        text NOT NULL,
  gzip          bytea NOT NULL,
  used_at       bigint NOT NULL,
  PRIMARY KEY (instrument_id, timeframe, from_us, to_us)
);
CREATE INDEX bar_files_used ON bar_files (used_at);

-- Down Migration
DROP TABLE bar_files;
DROP TABLE series;
DROP TABLE jobs;
