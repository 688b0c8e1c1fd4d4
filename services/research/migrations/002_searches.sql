-- Up Migration
-- What a search that runs has tried: whoever runs it next goes on where it was. Gone when the job is over.
CREATE TABLE tried (
  job    bigint NOT NULL REFERENCES jobs ON DELETE CASCADE,
  chunk  integer NOT NULL,
  -- Of which bars and which code; with others they are tried again.
  ground text NOT NULL,
  -- JSON as it was said: jsonb would order the fields anew.
  rows   text NOT NULL,
  PRIMARY KEY (job, chunk)
);
-- Every trial of a user, once: how good the best of many looks depends on how many there were.
CREATE TABLE trials (
  sequence       bigint GENERATED ALWAYS AS IDENTITY,
  user_id        text NOT NULL,
  strategy       text NOT NULL,
  -- SHA-256 of code, bars, market and parameters; the first half.
  trial          bytea NOT NULL,
  timeframe      text NOT NULL,
  -- From bar to bar, over all of the bars; null where only a part of them was run.
  sharpe_per_bar double precision,
  PRIMARY KEY (user_id, strategy, trial)
);
CREATE INDEX trials_of_user ON trials (user_id, sequence);
-- Of the oldest of somebody who made very many: they still count, but are not known one by one.
CREATE TABLE trial_sums (
  user_id   text NOT NULL,
  strategy  text NOT NULL,
  timeframe text NOT NULL,
  trials    bigint NOT NULL,
  sharpes   bigint NOT NULL,
  total     double precision NOT NULL,
  squares   double precision NOT NULL,
  PRIMARY KEY (user_id, strategy, timeframe)
);

-- Down Migration
DROP TABLE trial_sums;
DROP TABLE trials;
DROP TABLE tried;
