-- Up Migration
-- An instrument is kept as the message of the contracts in its own JSON: two fields had another form here.
update bots set instrument = (instrument - 'marketNotionalMax')
  || jsonb_build_object(
    'status', 'INSTRUMENT_STATUS_' || upper(instrument->>'status'),
    'notionalMin', jsonb_build_object('amount', instrument->>'notionalMin', 'currency', instrument->>'quote'))
  || case when instrument->>'marketNotionalMax' is null then '{}'::jsonb else jsonb_build_object(
    'marketNotionalMax', jsonb_build_object('amount', instrument->>'marketNotionalMax', 'currency', instrument->>'quote')) end
  where jsonb_typeof(instrument->'notionalMin') = 'string';

-- Down Migration
update bots set instrument = instrument || jsonb_build_object(
    'status', lower(replace(instrument->>'status', 'INSTRUMENT_STATUS_', '')),
    'notionalMin', instrument->'notionalMin'->>'amount',
    'marketNotionalMax', instrument->'marketNotionalMax'->>'amount')
  where jsonb_typeof(instrument->'notionalMin') = 'object';
