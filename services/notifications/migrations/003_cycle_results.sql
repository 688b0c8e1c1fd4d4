-- What each completed cycle earned, for the summary of its day: a cycle whose fees are valued later is told again with its new
-- numbers, and counts once. Modes and currencies are never summed.
CREATE TABLE cycle_results (
  bot_id   text NOT NULL,
  number   integer NOT NULL,
  user_id  text NOT NULL,
  -- In the user's time zone when it was counted first.
  day      text NOT NULL,
  mode     text NOT NULL,
  currency text NOT NULL,
  -- 1, but for the rows below.
  cycles   integer NOT NULL,
  wins     integer NOT NULL,
  net      numeric NOT NULL,
  fees     numeric NOT NULL,
  -- Fees without a value yet; with fewer of them a telling of the cycle is newer.
  unvalued integer NOT NULL,
  PRIMARY KEY (bot_id, number)
);
CREATE INDEX cycle_results_day ON cycle_results (user_id, day);
CREATE INDEX cycle_results_age ON cycle_results (day);

-- What was only kept as a sum stays one, under no bot's name.
INSERT INTO cycle_results
  SELECT '', row_number() OVER (), user_id, day, mode, currency, cycles, wins, net, fees, 0 FROM daily_results;
DROP TABLE daily_results;
