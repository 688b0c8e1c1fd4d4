import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { command } from '../api/session.js';
import type { VenueAccount, VenueOfferList } from '../generated/api.js';
import { Field } from '../ui/field.js';
import { ModeMark, modeWords } from '../ui/marks.js';
import { Modal } from '../ui/modal.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';

type Offer = VenueOfferList['data'][number];
type Secrets = { readonly apiKey: string; readonly secret: string };
const noSecrets: Secrets = { apiKey: '', secret: '' };

interface SecretFieldsProps {
  readonly secrets: Secrets;
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (secrets: Secrets) => void;
}

/** Written, never read: what is typed goes out once and is forgotten here when the dialog closes. */
function SecretFields({ secrets, faults, onChange }: SecretFieldsProps) {
  return (
    <>
      <Field label="API key" fault={faults['/apiKey']}>
        {(attributes) => (
          <input
            {...attributes}
            className="input font-mono text-sm"
            autoComplete="off"
            spellCheck={false}
            value={secrets.apiKey}
            onChange={(event) => onChange({ ...secrets, apiKey: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Secret"
        help="Give it to a key that may not withdraw. It is sealed at once and never shown again."
        fault={faults['/secret']}
      >
        {(attributes) => (
          <input
            {...attributes}
            className="input font-mono text-sm"
            type="password"
            autoComplete="new-password"
            value={secrets.secret}
            onChange={(event) => onChange({ ...secrets, secret: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

interface SecretDialogProps {
  readonly title: string;
  readonly submit: string;
  readonly pointers: readonly string[];
  readonly faults: Readonly<Record<string, string>>;
  readonly send: (secrets: Secrets) => Promise<void>;
  readonly onClose: () => void;
  readonly children?: (faults: Readonly<Record<string, string>>) => ReactNode;
}

function SecretDialog({ title, submit, pointers, faults, send, onClose, children }: SecretDialogProps) {
  const queries = useQueryClient();
  const [secrets, setSecrets] = useState(noSecrets);
  const missing = {
    ...(secrets.apiKey === '' ? { '/apiKey': 'This is needed.' } : {}),
    ...(secrets.secret === '' ? { '/secret': 'This is needed.' } : {}),
  };
  const sending = useSending({
    pointers: [...pointers, '/apiKey', '/secret'],
    faults: { ...faults, ...missing },
    send: async () => {
      await send(secrets);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['venue-accounts'] }),
        queries.invalidateQueries({ queryKey: ['accounts'] }),
      ]);
      onClose();
    },
  });
  return (
    <Modal title={title} onClose={onClose}>
      <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-4">
        {children?.(sending.faults)}
        <SecretFields secrets={secrets} faults={sending.faults} onChange={setSecrets} />
        <FormProblem sending={sending} />
        <div className="flex justify-end gap-2 max-sm:*:flex-1">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={sending.busy}>
            {sending.busy ? 'Testing the key …' : submit}
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface AddProps {
  readonly offers: readonly Offer[];
  readonly onClose: () => void;
}

export function AddVenueAccount({ offers, onClose }: AddProps) {
  const [label, setLabel] = useState('');
  // A key of the simulated exchange is what nearly nobody has.
  const [chosen, setChosen] = useState(() =>
    Math.max(
      0,
      offers.findIndex(({ venue }) => venue !== 'sim'),
    ),
  );
  const [accepted, setAccepted] = useState(false);
  const offer = offers[chosen];
  const live = offer?.mode === 'live';
  const faults = {
    ...(label.trim() === '' ? { '/label': 'Give it a name.' } : {}),
    ...(live && !accepted ? { '/acceptLiveTrading': 'Say that this is meant.' } : {}),
  };
  return (
    <SecretDialog
      title="Add a venue account"
      submit="Test and add"
      pointers={['/label', '/venue', '/mode', '/acceptLiveTrading']}
      faults={faults}
      onClose={onClose}
      send={async (secrets) => {
        const own = {
          label,
          venue: offer?.venue ?? '',
          mode: offer?.mode ?? 'demo',
          acceptLiveTrading: live && accepted,
        };
        await command('POST', '/v1/venue-accounts', { ...own, ...secrets });
        toastDone(`${label} is added`, 'Bots can trade with it now.');
      }}
    >
      {(shownFaults) => (
        <>
          <Field label="Name" help="For you, as in “Main at Binance”." fault={shownFaults['/label']}>
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                maxLength={60}
                value={label}
                onChange={(event) => setLabel(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Venue and mode"
            fault={shownFaults['/venue'] ?? shownFaults['/mode']}
            help={
              offer === undefined ? undefined : (
                <>
                  <span className="flex items-center gap-2">
                    <ModeMark mode={offer.mode} /> {modeWords[offer.mode]}
                  </span>
                  {offer.venue === 'sim' ? (
                    <span className="mt-1 block">
                      The simulated exchange knows only the keys that whoever runs it has given it.
                    </span>
                  ) : null}
                </>
              )
            }
          >
            {(attributes) => (
              <select
                {...attributes}
                className="input"
                value={chosen}
                onChange={(event) => setChosen(Number(event.target.value))}
              >
                {offers.map(({ venue, mode, title }, index) => (
                  <option key={`${venue}/${mode}`} value={index}>
                    {title.toLowerCase().includes(mode) ? title : `${title} · ${mode.toUpperCase()}`}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {live ? (
            <label className="flex gap-2.5 rounded-xl border border-live p-3 text-sm">
              <input
                type="checkbox"
                className="mt-0.5 size-4 flex-none accent-(--live)"
                checked={accepted}
                aria-invalid={'/acceptLiveTrading' in shownFaults}
                onChange={(event) => setAccepted(event.target.checked)}
              />
              <span>
                <strong>Bots with this account trade real money.</strong> I mean that.
                {shownFaults['/acceptLiveTrading'] === undefined ? null : (
                  <span className="block text-xs font-medium text-down">✕ {shownFaults['/acceptLiveTrading']}</span>
                )}
              </span>
            </label>
          ) : null}
        </>
      )}
    </SecretDialog>
  );
}

interface RotateProps {
  readonly account: VenueAccount;
  readonly onClose: () => void;
}

export function RotateVenueAccount({ account, onClose }: RotateProps) {
  return (
    <SecretDialog
      title={`Replace the key of ${account.label}`}
      submit="Test and replace"
      pointers={[]}
      faults={{}}
      onClose={onClose}
      send={async (secrets) => {
        await command('POST', `/v1/venue-accounts/${account.id}/rotate`, secrets);
        toastDone(`${account.label} has a new key`);
      }}
    >
      {() => (
        <p className="text-sm text-quiet">
          The old key, ending in …{account.keyEnding}, is forgotten when the new one works.
        </p>
      )}
    </SecretDialog>
  );
}
