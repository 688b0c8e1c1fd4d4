-- A user who was shut out keeps everything and comes in nowhere.
ALTER TABLE users ADD COLUMN disabled boolean NOT NULL DEFAULT false;
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
