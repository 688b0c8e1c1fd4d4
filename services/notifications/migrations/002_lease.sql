-- The right to hear, to poll and to send: one row. Every taking gives a higher token.
CREATE TABLE lease (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  token      bigint NOT NULL,
  holder     text NOT NULL,
  expires_at timestamptz NOT NULL
);
