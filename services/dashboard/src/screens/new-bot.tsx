import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useAccounts, useInstruments, useStrategies } from '../api/lists.js';
import { command } from '../api/session.js';
import { nameSuggestion } from '../domain/bot-name.js';
import type { Account, Bot, Instrument, Strategy } from '../domain/rows.js';
import { useChannel } from '../live/live-provider.js';
import { Empty } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { ModeMark, modeWords } from '../ui/marks.js';
import { Page } from '../ui/section.js';
import { FormProblem } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';
import { BotForm, BotFormStates, useParameters } from './bot-form.js';
import { MarketFacts } from './market-facts.js';

const ownPointers = ['/strategy', '/account', '/venue', '/symbol', '/mode'];

/** What a bot is made of: strategy, market, account, and the parameters that the strategy asks for. */
export function NewBot() {
  const strategies = useStrategies();
  const instruments = useInstruments();
  const accounts = useAccounts();
  const { from } = useSearch({ from: '/bots/new' });
  const source = useChannel<Bot>('bots')?.find(({ id }) => id === from);
  const isKnown = strategies.data && instruments.data && accounts.data && (from === undefined || source !== undefined);
  return (
    <Page
      title={source === undefined ? 'New bot' : `New bot like ${source.name}`}
      lead="It trades when you start it, not before."
    >
      <BotFormStates what="Creating a bot" reads={[strategies, instruments, accounts]}>
        {!isKnown ? null : accounts.data?.data.length === 0 ? (
          <div className="card">
            <Empty
              title="You have no account to trade with"
              action={
                <Link to="/accounts" className="button primary">
                  Bring an account of yours
                </Link>
              }
            >
              A bot trades with an account at a venue, by a key of yours that may trade and may not withdraw. The demo
              account of this installation belongs to its first user and is shared with nobody.
            </Empty>
          </div>
        ) : (
          <NewBotForm
            strategies={strategies.data?.data ?? []}
            instruments={instruments.data?.data ?? []}
            accounts={accounts.data?.data ?? []}
            source={source}
          />
        )}
      </BotFormStates>
    </Page>
  );
}

interface NewBotFormProps {
  readonly strategies: readonly Strategy[];
  readonly instruments: readonly Instrument[];
  readonly accounts: readonly Account[];
  /** A bot that the new one begins as a copy of. */
  readonly source: Bot | undefined;
}

function NewBotForm({ strategies, instruments, accounts, source }: NewBotFormProps) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [strategyId, setStrategyId] = useState(source?.strategy ?? strategies[0]?.id ?? '');
  const [accountId, setAccountId] = useState(source?.account ?? accounts[0]?.id ?? '');
  const account = accounts.find(({ id }) => id === accountId);
  const markets = useMemo(
    () =>
      instruments.filter(({ venue }) => venue === account?.venue).toSorted((a, b) => a.symbol.localeCompare(b.symbol)),
    [instruments, account],
  );
  const [symbol, setSymbol] = useState(source?.symbol ?? '');
  const instrument = markets.find((each) => each.symbol === symbol) ?? markets[0];
  const strategy = strategies.find(({ id }) => id === strategyId);
  const parameters = useParameters(strategy, source?.parameters ?? null);
  const send = async () => {
    const bot = await command<Bot>('POST', '/v1/bots', {
      name,
      strategy: strategyId,
      account: accountId,
      venue: account?.venue ?? '',
      symbol: instrument?.symbol ?? '',
      mode: account?.mode ?? 'demo',
      parameters: parameters.values,
    });
    toastDone(`${bot.name} is created`, 'Look it over and press Start.');
    await navigate({ to: '/bots/$botId', params: { botId: bot.id } });
  };
  return (
    <BotForm
      {...{ name, strategy, parameters, send }}
      pointers={ownPointers}
      onName={setName}
      suggestion={nameSuggestion(instrument?.symbol ?? 'market')}
      aside={(sending) => (
        <>
          <MarketFacts
            instrument={instrument}
            account={account?.id}
            quantity={parameters.draft['/parameters/quantity']}
          />
          <div className="card flex flex-col gap-3 p-4">
            <FormProblem sending={sending} />
            <button type="submit" className="button primary" disabled={sending.busy}>
              {sending.busy ? 'Creating …' : `Create ${account?.mode === 'live' ? 'LIVE ' : ''}bot`}
            </button>
            <p className="text-xs text-quiet">
              The bot is checked against the venue’s rules and your limits when it is created.
            </p>
          </div>
        </>
      )}
    >
      {(faults) => (
        <>
          <Field label="Strategy" help={strategy?.description} fault={faults['/strategy']}>
            {(attributes) => (
              <select
                {...attributes}
                className="input"
                value={strategyId}
                onChange={(event) => setStrategyId(event.target.value)}
              >
                {strategies.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label="Account"
            fault={faults['/account'] ?? faults['/mode'] ?? faults['/venue']}
            help={
              account === undefined ? undefined : (
                <span className="flex items-center gap-2">
                  <ModeMark mode={account.mode} /> {modeWords[account.mode]}
                </span>
              )
            }
          >
            {(attributes) => (
              <select
                {...attributes}
                className="input"
                value={accountId}
                onChange={(event) => setAccountId(event.target.value)}
              >
                {accounts.map(({ id, label, venue, mode }) => (
                  <option key={id} value={id}>
                    {label} · {venue} · {mode.toUpperCase()}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Market" fault={faults['/symbol']}>
            {(attributes) => (
              <select
                {...attributes}
                className="input"
                value={instrument?.symbol ?? ''}
                onChange={(event) => setSymbol(event.target.value)}
              >
                {markets.map((each) => (
                  <option key={each.id} value={each.symbol}>
                    {each.symbol}
                    {each.status === 'halted' ? ' (halted by the venue)' : ''}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </>
      )}
    </BotForm>
  );
}
