-- The ends of the chains of the audit, as the services told them while they were new: outside of the tables that hold the chains.
CREATE TABLE audit_anchors (
  service     text NOT NULL,
  chain       text NOT NULL,
  sequence    bigint NOT NULL,
  hash        bytea NOT NULL,
  anchored_at bigint NOT NULL,
  -- Two that differ in one row of a chain are evidence, too.
  PRIMARY KEY (service, chain, sequence, hash)
);
CREATE TRIGGER audit_anchors_append_only BEFORE UPDATE OR DELETE ON audit_anchors
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
