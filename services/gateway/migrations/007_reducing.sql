-- Between active and halted; and states of venues, accounts and bots beside those of users, under their own names.
ALTER TABLE trading_states DROP CONSTRAINT trading_states_state_check;
ALTER TABLE trading_states ADD CONSTRAINT trading_states_state_check CHECK (state IN ('active', 'reducing', 'halted'));
