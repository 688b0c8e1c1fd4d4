-- Until when an order that was asked for here may be judged, in microseconds; null: it came from elsewhere. What never gets a verdict
-- is ended after it.
ALTER TABLE orders ADD COLUMN valid_until bigint;
-- The requests of before carried no end: the stream keeps one for an hour, and nobody judges it any more after that.
UPDATE orders SET valid_until = (extract(epoch FROM now() + interval '1 hour') * 1000000)::bigint WHERE version = -1;
CREATE INDEX orders_unjudged ON orders (valid_until) WHERE version = -1 AND NOT final;
