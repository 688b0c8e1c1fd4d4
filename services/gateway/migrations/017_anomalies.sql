-- What the rules of the audit found: docs/audit.md.
CREATE TABLE anomalies (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule     text NOT NULL,
  subject  text NOT NULL,
  detail   text NOT NULL,
  -- Whom it concerns; null: nobody who is known.
  user_id  text,
  text     text NOT NULL,
  evidence jsonb NOT NULL,
  found_at bigint NOT NULL,
  -- Whoever is to hear of it has been told.
  told     boolean NOT NULL DEFAULT false
);
CREATE INDEX anomalies_alike ON anomalies (rule, subject, detail, found_at DESC);
CREATE INDEX anomalies_untold ON anomalies (id) WHERE NOT told;

-- Where each key of a program was used from: an IPv4 address, or the network of an IPv6 one.
CREATE TABLE api_key_places (
  key_id        text NOT NULL,
  place         text NOT NULL,
  first_used_at bigint NOT NULL,
  last_used_at  bigint NOT NULL,
  PRIMARY KEY (key_id, place)
);

-- What each user orders by hand, and has denied, in every ten minutes.
CREATE TABLE order_rates (
  user_id text NOT NULL,
  -- Tens of minutes since 1970.
  bucket  bigint NOT NULL,
  by_hand integer NOT NULL,
  denied  integer NOT NULL,
  PRIMARY KEY (user_id, bucket)
);
-- How far the orders are counted, by their sequence. What came last is counted a minute later, when it has its verdict.
CREATE TABLE order_rates_mark (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  through    bigint NOT NULL,
  next       bigint NOT NULL,
  counted_at bigint NOT NULL
);
INSERT INTO order_rates_mark (through, next, counted_at)
  SELECT coalesce(max(sequence), 0), coalesce(max(sequence), 0), 0 FROM orders;

-- The newest facts, and from where somebody has logged in.
CREATE INDEX audit_records_by_age ON audit_records (recorded_at_us);
CREATE INDEX audit_records_log_ins ON audit_records (actor, sequence) WHERE kind = 'logged-in';
