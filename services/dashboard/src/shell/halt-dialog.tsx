import { OctagonX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import {
  type HaltLevel,
  type HaltScope,
  haltLevels,
  haltReach,
  haltScopes,
  haltStatement,
  haltUnknown,
  isTyped,
  typedWord,
} from '../domain/halt.js';
import { isNothing } from '../domain/halt-remains.js';
import type { Bot, Holdings, Order } from '../domain/rows.js';
import { age } from '../domain/time.js';
import { counted } from '../domain/words.js';
import type { HaltReply } from '../generated/api.js';
import { useChannel } from '../live/live-provider.js';
import { useFreshness } from '../live/use-freshness.js';
import { Forbidden } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { ModeMark } from '../ui/marks.js';
import { Modal } from '../ui/modal.js';
import { toastDone } from '../ui/toast.js';
import { HaltFault } from './halt-fault.js';
import { keepHalt } from './halt-left.js';
import { HaltRemains } from './halt-remains.js';

/** The brake in three levels. It is a plain request, so it works while the stream is down. */
export function HaltDialog({ onClose }: { readonly onClose: () => void }) {
  const [left, setLeft] = useState(false);
  const mayHalt = useMay('brake');
  if (left) return <HaltRemains onClose={onClose} />;
  return (
    <Modal title="Halt trading" onClose={onClose}>
      {mayHalt ? (
        <HaltForm
          onClose={onClose}
          onHalted={(answer) => {
            keepHalt(answer);
            if (isNothing(answer.remaining)) onClose();
            else setLeft(true);
          }}
        />
      ) : (
        <Forbidden what="Halting" needs="brake" />
      )}
    </Modal>
  );
}

interface HaltFormProps {
  readonly onClose: () => void;
  readonly onHalted: (reply: HaltReply) => void;
}

function HaltForm({ onClose, onHalted }: HaltFormProps) {
  const [level, setLevel] = useState<HaltLevel>('halt');
  const mayTrade = useMay('trader');
  const [scope, setScope] = useState<HaltScope>(mayTrade ? 'mine' : 'platform');
  const [reason, setReason] = useState('');
  const [word, setWord] = useState('');
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const mayHaltAll = useMay('risk');
  const typed = !isTyped(level, scope) || word.trim().toUpperCase() === typedWord;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!typed || busy) return;
    setBusy(true);
    setFault(null);
    try {
      const answer = await command<HaltReply>('POST', '/v1/halt', { text: reason, level, scope });
      toastDone(
        scope === 'platform' ? 'The whole platform is halted' : 'Trading is halted',
        'Nothing new is opened until it is released.',
      );
      onHalted(answer);
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void send(event)} className="flex flex-col gap-4">
      {mayHaltAll ? <ScopeChoice scope={scope} onChoose={setScope} /> : null}
      <Reach scope={scope} />
      <LevelChoice level={level} onChoose={setLevel} />
      <Field label="Why?" optional help="Stands in the log and in the banner.">
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {isTyped(level, scope) ? (
        <Field label={`Type ${typedWord} to confirm`}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              autoComplete="off"
              autoCapitalize="characters"
              value={word}
              onChange={(event) => setWord(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <p data-testid="halt-statement" className="rounded-lg bg-raised px-3 py-2 text-sm font-medium">
        {haltStatement(level, scope)}
      </p>
      {fault === null ? null : <HaltFault error={fault} />}
      <div className="sticky bottom-0 -mx-5 -mb-4 grid grid-cols-2 gap-2 border-t border-line bg-panel px-5 py-3.5 sm:flex sm:justify-end">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button danger" disabled={!typed || busy}>
          <OctagonX aria-hidden="true" className="size-4" />
          {busy ? 'Halting …' : 'Halt now'}
        </button>
      </div>
    </form>
  );
}

interface ScopeChoiceProps {
  readonly scope: HaltScope;
  readonly onChoose: (scope: HaltScope) => void;
}

function ScopeChoice({ scope, onChoose }: ScopeChoiceProps) {
  return (
    <fieldset className="grid grid-cols-2 gap-2">
      <legend className="mb-2 text-sm font-semibold">Whose?</legend>
      {haltScopes.map((choice) => (
        <label
          key={choice.scope}
          className="flex cursor-pointer items-center gap-3 rounded-xl border border-line px-3 py-2.5 text-sm font-semibold has-checked:border-down has-checked:bg-down/10"
        >
          <input
            type="radio"
            name="scope"
            className="size-4 flex-none accent-(--danger)"
            checked={scope === choice.scope}
            onChange={() => onChoose(choice.scope)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}

interface LevelChoiceProps {
  readonly level: HaltLevel;
  readonly onChoose: (level: HaltLevel) => void;
}

function LevelChoice({ level, onChoose }: LevelChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-sm font-semibold">How far?</legend>
      {haltLevels.map((choice) => (
        <label
          key={choice.level}
          className="flex cursor-pointer gap-3 rounded-xl border border-line p-3 has-checked:border-down has-checked:bg-down/10"
        >
          <input
            type="radio"
            name="level"
            className="mt-0.5 size-4 flex-none accent-(--danger)"
            checked={level === choice.level}
            onChange={() => onChoose(choice.level)}
          />
          <span className="text-sm">
            <span className="block font-semibold">{choice.label}</span>
            <span className="text-quiet">{choice.consequence}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Reach({ scope }: { readonly scope: HaltScope }) {
  const bots = useChannel<Bot>('bots');
  const orders = useChannel<Order>('orders');
  const accounts = useChannel<Holdings>('accounts');
  const { stale, silentMs } = useFreshness();
  const reach = haltReach({ bots, orders, accounts });
  const unknown = haltUnknown({ bots, orders, accounts });
  if (reach.length === 0 && unknown === '') {
    return <p className="text-sm text-quiet">You have no active bot and no open order now.</p>;
  }
  return (
    <ul aria-label="What it meets now" className="flex flex-col gap-1 text-sm">
      {reach.map(({ mode, bots: active, openOrders, positions }) => (
        <li key={mode} className="num live flex flex-wrap items-center gap-x-2">
          <ModeMark mode={mode} />
          {[wordsOf(active, 'active bot'), wordsOf(openOrders, 'open order'), wordsOf(positions, 'position')]
            .filter((words) => words !== null)
            .join(' · ')}
        </li>
      ))}
      {unknown === '' ? null : <li className="text-warn">{unknown}</li>}
      {stale && silentMs !== null ? (
        <li className="text-warn">The connection is late: this is {age(silentMs)} old.</li>
      ) : null}
      {scope === 'platform' ? (
        <li className="text-quiet">These are yours; the bots of everybody else are met, too.</li>
      ) : null}
    </ul>
  );
}

const wordsOf = (amount: number | null, one: string): string | null => (amount === null ? null : counted(amount, one));
