-- Who may come in. Written by the gateway only.
CREATE TABLE users (
  id            text PRIMARY KEY,
  email         text NOT NULL UNIQUE CHECK (email = lower(email)),
  password_hash text NOT NULL,
  role          text NOT NULL CHECK (role IN ('viewer', 'trader', 'admin')),
  -- The one who set the platform up; at most one row is true.
  first         boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_first ON users (first) WHERE first;

-- Accounts that belong to somebody else than the first user.
CREATE TABLE account_owners (
  account_id text PRIMARY KEY,
  user_id    text NOT NULL REFERENCES users (id)
);

-- One session a log-in; times are microseconds. A token is exchanged once: a later second use means that it was stolen, and
-- ends the session.
CREATE TABLE refresh_tokens (
  hash            text PRIMARY KEY,
  session_id      text NOT NULL,
  user_id         text NOT NULL REFERENCES users (id),
  issued_at       bigint NOT NULL,
  expires_at      bigint NOT NULL,
  session_ends_at bigint NOT NULL,
  used_at         bigint,
  revoked_at      bigint
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- What was answered to a repeated request. Kept for a day.
CREATE TABLE idempotency_keys (
  user_id      text NOT NULL REFERENCES users (id),
  key          text NOT NULL,
  request_hash text NOT NULL,
  -- Null while the first request runs, or when its outcome is not known.
  status       smallint,
  body         jsonb,
  busy_until   timestamptz NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
