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
  isTyped,
  typedWord,
} from '../domain/halt.js';
import type { Bot, Holdings, Order } from '../domain/rows.js';
import { counted } from '../domain/words.js';
import type { HaltReply } from '../generated/api.js';
import { useChannel } from '../live/live-provider.js';
import { Forbidden, ProblemPanel } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { ModeMark } from '../ui/marks.js';
import { Modal } from '../ui/modal.js';
import { toastDone } from '../ui/toast.js';

/** The brake in three levels. It is a plain request, so it works while the stream is down. */
export function HaltDialog({ onClose }: { readonly onClose: () => void }) {
  const [reply, setReply] = useState<HaltReply | null>(null);
  const mayTrade = useMay('trader');
  if (reply !== null) return <Outcomes reply={reply} onClose={onClose} />;
  return (
    <Modal title="Halt trading" onClose={onClose}>
      {mayTrade ? (
        <HaltForm
          onClose={onClose}
          onHalted={(answer) => {
            if (answer.bots.some(({ code }) => code !== null)) setReply(answer);
            else onClose();
          }}
        />
      ) : (
        <Forbidden what="Halting" />
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
  const [scope, setScope] = useState<HaltScope>('mine');
  const [reason, setReason] = useState('');
  const [word, setWord] = useState('');
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const mayAdminister = useMay('admin');
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
      {mayAdminister ? <ScopeChoice scope={scope} onChoose={setScope} /> : null}
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
      {fault === null ? null : <ProblemPanel error={fault} />}
      <div className="flex flex-wrap justify-end gap-2">
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
  const bots = useChannel<Bot>('bots') ?? [];
  const orders = useChannel<Order>('orders') ?? [];
  const accounts = useChannel<Holdings>('accounts') ?? [];
  const reach = haltReach({ bots, orders, accounts });
  if (reach.length === 0) return <p className="text-sm text-quiet">You have no active bot and no open order now.</p>;
  return (
    <ul aria-label="What it meets now" className="flex flex-col gap-1 text-sm">
      {reach.map(({ mode, bots: active, openOrders, positions }) => (
        <li key={mode} className="num flex flex-wrap items-center gap-x-2">
          <ModeMark mode={mode} />
          <span>{counted(active, 'active bot')} ·</span>
          <span>{counted(openOrders, 'open order')} ·</span>
          <span>{counted(positions, 'position')}</span>
        </li>
      ))}
      {scope === 'platform' ? (
        <li className="text-quiet">These are yours; the bots of everybody else are met, too.</li>
      ) : null}
    </ul>
  );
}

/** Trading is halted, yet some bots did not obey: which, and why. */
function Outcomes({ reply, onClose }: { readonly reply: HaltReply; readonly onClose: () => void }) {
  const names = new Map((useChannel<Bot>('bots') ?? []).map(({ id, name }) => [id, name]));
  return (
    <Modal
      title="Halted, with exceptions"
      onClose={onClose}
      footer={
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <p className="text-sm">Nothing new is opened. These bots did not do what they were told:</p>
      <ul className="mt-3 flex flex-col gap-2 text-sm">
        {reply.bots
          .filter(({ code }) => code !== null)
          .map(({ bot, code, text }) => (
            <li key={bot}>
              <span className="font-semibold">✕ {names.get(bot) ?? bot}</span>: {text}{' '}
              <span className="font-mono text-xs text-quiet">{code}</span>
            </li>
          ))}
      </ul>
    </Modal>
  );
}
