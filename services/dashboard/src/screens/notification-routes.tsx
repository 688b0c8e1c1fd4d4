import { useState } from 'react';
import {
  isMuted,
  type LevelFilter,
  levelChoices,
  type NoticeChannel,
  type NoticeWords,
  noticeChannels,
  noticeGroups,
  type Preferences,
  reaches,
  withPair,
} from '../domain/notices.js';
import { Field } from '../ui/field.js';
import { Section } from '../ui/section.js';
import { toastRefused } from '../ui/toast.js';
import { useProfileChange } from './notification-channel.js';

type Routes = Pick<Preferences, 'levels' | 'muted'>;

/** Which messages go where. Every press is kept at once. */
export function NotificationRoutes({ preferences }: { readonly preferences: Preferences }) {
  const change = useProfileChange();
  // What was pressed last is shown while the gateway is told; a refusal takes it back.
  const [pending, setPending] = useState<Routes | null>(null);
  const { levels, muted } = pending ?? preferences;
  const keep = async (next: Partial<Routes>) => {
    setPending({ levels, muted, ...next });
    try {
      await change('PATCH', '/preferences', next);
    } catch (error) {
      toastRefused(error);
    }
    setPending(null);
  };
  const busy = pending !== null;
  return (
    <Section title="What goes where" note="kept at once">
      <div className="grid gap-3 border-b border-line p-4 sm:grid-cols-3">
        {noticeChannels.map(({ channel, label }) => (
          <Field key={channel} label={`To ${label}`}>
            {(attributes) => (
              <select
                {...attributes}
                className="input"
                value={levels[channel]}
                disabled={busy}
                onChange={(event) => void keep({ levels: { ...levels, [channel]: event.target.value as LevelFilter } })}
              >
                {levelChoices.map(({ level, label: words }) => (
                  <option key={level} value={level}>
                    {words}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ))}
      </div>
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Which messages go to which channel</caption>
          <thead>
            <tr>
              <td />
              {noticeChannels.map(({ channel, label }) => (
                <th key={channel} scope="col" className="w-18 px-1 pt-3 text-xs font-semibold text-quiet sm:w-32">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          {noticeGroups.map(({ title, notices }) => (
            <tbody key={title}>
              <tr>
                <th scope="rowgroup" colSpan={4} className="px-4 pt-3 pb-1 text-left text-sm font-semibold">
                  {title}
                </th>
              </tr>
              {notices.map((notice) => (
                <tr key={notice.kind} className="border-b border-line last:border-b-0">
                  <th scope="row" className="px-4 py-0.5 text-left font-normal">
                    {notice.label}
                  </th>
                  {noticeChannels.map(({ channel, label }) => (
                    <td key={channel} className="text-center">
                      <Cell
                        label={`${notice.label} to ${label}`}
                        notice={notice}
                        filter={levels[channel]}
                        wanted={!isMuted(muted, notice.kind, channel)}
                        busy={busy}
                        onChange={(wanted) => void keep({ muted: withPair(muted, pairOf(notice, channel), wanted) })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </Section>
  );
}

const pairOf = ({ kind }: NoticeWords, channel: NoticeChannel) => ({ kind, channel });

interface CellProps {
  readonly label: string;
  readonly notice: NoticeWords;
  readonly filter: LevelFilter;
  readonly wanted: boolean;
  readonly busy: boolean;
  readonly onChange: (wanted: boolean) => void;
}

/** A box where the level lets the message through, a dash where it never does. */
function Cell({ label, notice, filter, wanted, busy, onChange }: CellProps) {
  if (!reaches(notice, filter)) {
    return (
      <span className="inline-grid size-9 place-items-center text-quiet" title="Below what this channel is told">
        <span aria-hidden="true">–</span>
        <span className="sr-only">{label}: below the level</span>
      </span>
    );
  }
  return (
    <label className="inline-grid size-9 cursor-pointer place-items-center">
      <span className="sr-only">{label}</span>
      <input
        type="checkbox"
        className="size-4.5 accent-(--accent)"
        checked={wanted}
        disabled={busy}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}
