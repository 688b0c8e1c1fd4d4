-- A stable order for pages of users.
ALTER TABLE users ADD COLUMN sequence bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX users_sequence ON users (sequence);
