-- What happened to an order, as its owner sees it. Kept for a quarter.
CREATE TABLE order_events (
  client_order_id text NOT NULL,
  version         integer NOT NULL,
  kind            text NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  view            jsonb NOT NULL,
  PRIMARY KEY (client_order_id, version, kind)
);
CREATE INDEX order_events_age ON order_events (recorded_at);

-- Keys of programs. Only the hash of a key is kept; times are microseconds.
CREATE TABLE api_keys (
  id                text PRIMARY KEY,
  sequence          bigint GENERATED ALWAYS AS IDENTITY,
  user_id           text NOT NULL REFERENCES users (id),
  label             text NOT NULL,
  hash              text NOT NULL UNIQUE,
  scopes            text[] NOT NULL,
  -- Empty: from anywhere.
  allowed_addresses text[] NOT NULL,
  created_at        bigint NOT NULL,
  expires_at        bigint,
  last_used_at      bigint,
  revoked_at        bigint
);
CREATE INDEX api_keys_of_user ON api_keys (user_id, sequence DESC);
