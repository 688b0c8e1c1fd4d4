-- Who looks and halts, and does not trade.
ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('viewer', 'trader', 'risk', 'admin'));

-- Open streams are asked about once a second: has their session ended?
CREATE INDEX refresh_tokens_ended ON refresh_tokens (session_id) WHERE revoked_at IS NOT NULL;

-- Answers that hold a secret: sealed, and only until then.
ALTER TABLE idempotency_keys ADD COLUMN sealed bytea;
ALTER TABLE idempotency_keys ADD COLUMN sealed_until timestamptz;
CREATE INDEX idempotency_keys_sealed ON idempotency_keys (sealed_until) WHERE sealed IS NOT NULL;
