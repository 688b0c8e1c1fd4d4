import { OctagonX } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useForgetRiskState, useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import { type HaltLevel, type HaltScope, haltLevels, haltStatement, isTyped, typedWord } from '../domain/halt.js';
import { isNothing } from '../domain/halt-remains.js';
import { isOutcomeUnknown } from '../domain/problem.js';
import { scopeWords } from '../domain/scope-words.js';
import type { HaltReply } from '../generated/api.js';
import { useBotNames } from '../live/use-names.js';
import { Forbidden } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { Modal } from '../ui/modal.js';
import { toastDone } from '../ui/toast.js';
import { HaltFault } from './halt-fault.js';
import { keepHalt } from './halt-left.js';
import { HaltReach } from './halt-reach.js';
import { HaltRemains } from './halt-remains.js';
import { ScopeChoice } from './halt-scope.js';

const title = 'Halt trading';

/** The brake in three levels. It is a plain request, so it works while the stream is down. */
export function HaltDialog({ onClose }: { readonly onClose: () => void }) {
  const [halted, setHalted] = useState<HaltReply | null>(null);
  const mayHalt = useMay('brake');
  const forget = useForgetRiskState();
  if (halted !== null) return <HaltRemains halted={halted} onClose={onClose} />;
  if (!mayHalt) {
    return (
      <Modal title={title} onClose={onClose}>
        <Forbidden what="Halting" needs="brake" />
      </Modal>
    );
  }
  return (
    <HaltForm
      onClose={onClose}
      onHalted={(answer) => {
        keepHalt(answer);
        void forget();
        // That everything was told to close is no proof that it is closed: whoever flattens sees what the venue says.
        if (isNothing(answer.remaining) && answer.level !== 'flatten') onClose();
        else setHalted(answer);
      }}
    />
  );
}

interface Fault {
  readonly error: unknown;
  /** What was asked for: with anything else in the form the next press is another halt. */
  readonly asked: string;
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
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const names = useBotNames();
  const typed = !isTyped(level, scope) || word.trim().toUpperCase() === typedWord;
  const body = { text: reason, level, scope };
  const asked = JSON.stringify(body);
  const repeats = fault !== null && fault.asked === asked && isOutcomeUnknown(fault.error);
  const form = useId();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!typed || busy) return;
    setBusy(true);
    setFault(null);
    try {
      const answer = await command<HaltReply>('POST', '/v1/halt', body);
      toastDone(haltedTitle(scope, names), 'Nothing new is opened until it is released.');
      onHalted(answer);
    } catch (error) {
      setFault({ error, asked });
      setBusy(false);
    }
  };
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <p
            data-testid="halt-statement"
            className="w-full flex-none! rounded-lg bg-raised px-3 py-2 text-sm font-medium"
          >
            {haltStatement(level, scope, names)}
          </p>
          {isTyped(level, scope) ? (
            <div className="w-full flex-none!">
              <Field label={`Type ${typedWord} to confirm`}>
                {(attributes) => (
                  <input
                    {...attributes}
                    form={form}
                    className="input"
                    autoComplete="off"
                    autoCapitalize="characters"
                    value={word}
                    onChange={(event) => setWord(event.target.value)}
                  />
                )}
              </Field>
            </div>
          ) : null}
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" form={form} className="button danger" disabled={!typed || busy}>
            <OctagonX aria-hidden="true" className="size-4" />
            {busy ? 'Halting …' : repeats ? 'Repeat the halt' : 'Halt now'}
          </button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void send(event)} className="flex flex-col gap-4">
        <ScopeChoice scope={scope} onChoose={setScope} />
        <HaltReach scope={scope} />
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
        {fault === null ? null : <HaltFault error={fault.error} />}
      </form>
    </Modal>
  );
}

const haltedTitle = (scope: HaltScope, names: ReadonlyMap<string, string>): string => {
  if (scope === 'mine') return 'Trading is halted';
  const words = scopeWords(scope, names);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} is halted`;
};

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
