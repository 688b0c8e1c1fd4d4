import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useBotToEdit, useInstruments, useStrategies } from '../api/lists.js';
import { ask, command } from '../api/session.js';
import { mayEdit } from '../domain/bot-actions.js';
import { conflictLines, isOther } from '../domain/edit-conflict.js';
import { asProblem } from '../domain/problem.js';
import type { Bot, Instrument, Strategy } from '../domain/rows.js';
import { patchOf } from '../domain/schema-draft.js';
import { useChannel } from '../live/live-provider.js';
import { ModeMark, StateMark } from '../ui/marks.js';
import { Page } from '../ui/section.js';
import { FormProblem } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';
import { BotForm, BotFormStates, useParameters } from './bot-form.js';
import { EditConflict } from './edit-conflict.js';
import { MarketFacts } from './market-facts.js';

/** Name and parameters; what a bot trades on and with stays what it is. */
export function EditBot() {
  const { botId } = useParams({ from: '/bots/$botId/edit' });
  const bot = useBotToEdit(botId);
  const strategies = useStrategies();
  const instruments = useInstruments();
  const strategy = strategies.data?.data.find(({ id }) => id === bot.data?.strategy);
  const instrument = instruments.data?.data.find(
    ({ venue, symbol }) => venue === bot.data?.venue && symbol === bot.data?.symbol,
  );
  return (
    <Page title={bot.data === undefined ? 'Edit' : `Edit ${bot.data.name}`}>
      <BotFormStates what="Editing a bot" reads={[bot, strategies, instruments]}>
        {bot.data === undefined || strategy === undefined ? null : (
          <EditForm
            key={bot.dataUpdatedAt}
            stored={bot.data}
            strategy={strategy}
            instrument={instrument}
            onReload={() => void bot.refetch()}
          />
        )}
      </BotFormStates>
    </Page>
  );
}

interface EditFormProps {
  readonly stored: Bot;
  readonly strategy: Strategy;
  readonly instrument: Instrument | undefined;
}

/** What is being edited: what was read first, what is typed, and what somebody else made of it meanwhile. */
function useEdit({ stored, strategy }: EditFormProps) {
  // What was read is what is edited; a change from elsewhere must not move under the fingers.
  const [read, setRead] = useState(stored);
  // As the gateway had it when it refused; the stream may tell it later.
  const [fetched, setFetched] = useState<Bot | null>(null);
  const live = useChannel<Bot>('bots')?.find(({ id }) => id === stored.id) ?? stored;
  const [typedName, setName] = useState<string | null>(null);
  const name = typedName ?? read.name;
  const parameters = useParameters(strategy, read.parameters);
  const patch = useMemo(() => patchOf(parameters.before, parameters.values), [parameters.before, parameters.values]);
  const changed = Object.keys(patch);
  const renamed = name !== read.name;
  const other = fetched ?? (live.version > read.version && isOther(read, live) ? live : null);
  return {
    ...{ read, live, name, setName, parameters },
    body: { ...(renamed ? { name } : {}), ...(changed.length === 0 ? {} : { parameters: patch }) },
    labels: [
      ...(renamed ? ['Name'] : []),
      ...changed.map((key) => parameters.fields.find((field) => field.name === key)?.label ?? key),
    ],
    other,
    lines: other === null ? [] : conflictLines(strategy.schema, read, other, { name, parameters: parameters.values }),
    refused: setFetched,
    /** Fields that nobody touched here become what they are by now; what was typed stays. */
    rebase: () => {
      if (other !== null) setRead(other);
      setFetched(null);
    },
  };
}

function EditForm(props: EditFormProps & { readonly onReload: () => void }) {
  const { stored, strategy, instrument, onReload } = props;
  const navigate = useNavigate();
  const edit = useEdit(props);
  const { read, live, name, parameters, body, labels, other } = edit;
  const send = async () => {
    try {
      await command('PATCH', `/v1/bots/${stored.id}`, body, read.version);
    } catch (error) {
      if (asProblem(error).status !== 412) throw error;
      return edit.refused(await ask<Bot>({ method: 'GET', path: `/v1/bots/${stored.id}` }));
    }
    toastDone(`${name} is saved`);
    await navigate({ to: '/bots/$botId', params: { botId: stored.id } });
  };
  const nothing = labels.length === 0;
  return (
    <BotForm
      {...{ name, strategy, parameters, send }}
      note={`${read.symbol} on ${read.venue}`}
      onName={edit.setName}
      aside={(sending) => (
        <>
          <MarketFacts
            instrument={instrument}
            account={stored.account}
            quantity={parameters.draft['/parameters/quantity']}
          />
          {other !== null && !sending.busy ? (
            <EditConflict lines={edit.lines} touched={!nothing} onKeep={edit.rebase} onLoad={onReload} />
          ) : null}
          <div className="card flex flex-col gap-3 p-4">
            <p className="flex items-center gap-3">
              <ModeMark mode={live.mode} /> <StateMark state={live.observed} />
            </p>
            <Notice bot={live} />
            <p className="text-sm text-quiet">{nothing ? 'Nothing is changed.' : `Changed: ${labels.join(', ')}.`}</p>
            <FormProblem sending={sending} />
            <button type="submit" className="button primary" disabled={sending.busy || nothing || other !== null}>
              {sending.busy ? 'Saving …' : 'Save'}
            </button>
            <Link to="/bots/$botId" params={{ botId: stored.id }} className="button">
              Back
            </Link>
          </div>
        </>
      )}
    />
  );
}

/** What a change does now. */
function Notice({ bot }: { readonly bot: Bot }) {
  if (!mayEdit(bot)) {
    return (
      <p className="flex gap-2 text-sm text-warn">
        <Lock aria-hidden="true" className="mt-0.5 size-4 flex-none" />
        It is on its way to a stop; wait until it has stopped.
      </p>
    );
  }
  if (bot.desired !== 'running') return null;
  return (
    <p className="text-sm text-quiet">It runs: what you save holds at once, and orders that rest may be placed anew.</p>
  );
}
