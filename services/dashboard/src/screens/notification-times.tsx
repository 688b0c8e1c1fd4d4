import { type ReactNode, useState } from 'react';
import type { Preferences } from '../domain/notices.js';
import { Field, type InputAttributes } from '../ui/field.js';
import { Section } from '../ui/section.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';
import { useProfileChange } from './notification-channel.js';

const zones = Intl.supportedValuesOf('timeZone');
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When one is left alone, and when the day is told. */
export function NotificationTimes({ preferences }: { readonly preferences: Preferences }) {
  const change = useProfileChange();
  const [zone, setZone] = useState(preferences.timeZone);
  const [quiet, setQuiet] = useState(preferences.quietHours);
  const [summaryAt, setSummaryAt] = useState(preferences.summaryAt);
  const wanted = { timeZone: zone, quietHours: quiet, summaryAt };
  const { timeZone, quietHours, summaryAt: told } = preferences;
  const unchanged = JSON.stringify(wanted) === JSON.stringify({ timeZone, quietHours, summaryAt: told });
  const sending = useSending({
    pointers: ['/timeZone', '/quietHours/from', '/quietHours/to', '/summaryAt'],
    faults: {},
    send: async () => {
      await change('PATCH', '/preferences', wanted);
      toastDone('Your times are kept');
    },
  });
  const time = (value: string, set: (text: string) => void) => (attributes: InputAttributes) => (
    <input
      {...attributes}
      className="input num"
      type="time"
      required
      value={value}
      onChange={(event) => {
        set(event.target.value);
        sending.touch('');
      }}
    />
  );
  return (
    <Section title="When">
      <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-4 p-4">
        <Field
          label="Time zone"
          fault={sending.faults['/timeZone']}
          help={zone === ownZone ? 'That of this device.' : `This device is in ${ownZone}.`}
        >
          {(attributes) => (
            <select {...attributes} className="input" value={zone} onChange={(event) => setZone(event.target.value)}>
              {[...new Set(['UTC', ownZone, zone, ...zones])].map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
        <Choice
          label="Quiet hours"
          help="Only errors are told then; the rest comes as one line at their end."
          on={quiet !== null}
          onChange={(on) => setQuiet(on ? { from: '22:00', to: '07:00' } : null)}
        >
          {quiet === null ? null : (
            <div className="grid grid-cols-2 gap-3">
              <Field label="From" fault={sending.faults['/quietHours/from']}>
                {time(quiet.from, (from) => setQuiet({ ...quiet, from }))}
              </Field>
              <Field label="To" fault={sending.faults['/quietHours/to']}>
                {time(quiet.to, (to) => setQuiet({ ...quiet, to }))}
              </Field>
            </div>
          )}
        </Choice>
        <Choice
          label="Daily summary"
          help="What was earned, by mode and currency, never summed over either."
          on={summaryAt !== null}
          onChange={(on) => setSummaryAt(on ? '20:00' : null)}
        >
          {summaryAt === null ? null : (
            <div className="grid grid-cols-2 gap-3">
              <Field label="At" fault={sending.faults['/summaryAt']}>
                {time(summaryAt, setSummaryAt)}
              </Field>
            </div>
          )}
        </Choice>
        <FormProblem sending={sending} />
        <button type="submit" className="button primary self-start" disabled={sending.busy || unchanged}>
          Save times
        </button>
      </form>
    </Section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly help: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ReactNode;
}

function Choice({ label, help, on, onChange, children }: ChoiceProps) {
  return (
    <div className="flex flex-col gap-3">
      <label className="flex cursor-pointer items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4.5 flex-none accent-(--accent)"
          checked={on}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>
          <span className="block font-semibold">{label}</span>
          <span className="text-quiet">{help}</span>
        </span>
      </label>
      {children}
    </div>
  );
}
