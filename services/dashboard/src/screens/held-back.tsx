import { ShieldCheck, Unlock } from 'lucide-react';
import { useState } from 'react';
import { useForgetRiskState, useHeldBack, useMay, useMe } from '../api/lists.js';
import { command } from '../api/session.js';
import type { TradingStateRow } from '../domain/rows.js';
import { isEverybodys, scopeWords, speakerWords } from '../domain/scope-words.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { RiskState } from '../generated/api.js';
import { useChannel } from '../live/live-provider.js';
import { useBotNames } from '../live/use-names.js';
import { releaseHaltOf } from '../shell/halt-left.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { toastDone } from '../ui/toast.js';

type Held = RiskState['states'][number];

const stateWords = { active: 'active', reducing: 'only reduces', halted: 'halted' } as const;

interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly me: string | undefined;
  readonly now: number;
}

function why({ text, by }: Held, me: string | undefined): string {
  const said = text === '' ? 'no reason was given' : text;
  const speaker = speakerWords(by, me);
  return speaker === '' ? said : `${said} (${speaker})`;
}

const columns = ({ names, me, now }: Known): readonly Column<Held>[] => [
  {
    label: 'For',
    cell: ({ scope, state }) => (
      <>
        <span className="font-medium">{scopeWords(scope, names, me)}</span>
        <span className="block text-xs font-semibold text-down">{stateWords[state]}</span>
      </>
    ),
  },
  {
    label: 'Why',
    whole: true,
    cell: (held) => (
      <>
        {why(held, me)}
        {held.since === null ? null : (
          <time dateTime={held.since} title={exactTime(held.since)} className="num block text-xs text-quiet">
            since {timeOf(held.since, now)}
          </time>
        )}
      </>
    ),
  },
];

/** So many are in sight at first; the newest come first. */
const shownFirst = 10;

/** Every scope that is halted or held to reducing, with its release. */
export function HeldBack() {
  const row = useChannel<TradingStateRow>('state')?.[0];
  const held = useHeldBack(`${row?.state ?? ''}/${row?.since ?? ''}`);
  const rows = held.data?.states;
  const [asking, setAsking] = useState<Held | null>(null);
  return (
    <Section title="Held back" note={rows?.length}>
      {held.isError ? <ProblemPanel error={held.error} onRetry={() => void held.refetch()} /> : null}
      {held.isPending ? <Skeleton rows={2} /> : null}
      {rows === undefined ? null : <Rows rows={rows} onRelease={setAsking} />}
      {asking === null ? null : <ReleaseScope held={asking} onClose={() => setAsking(null)} />}
    </Section>
  );
}

interface RowsProps {
  readonly rows: readonly Held[];
  readonly onRelease: (held: Held) => void;
}

function Rows({ rows, onRelease }: RowsProps) {
  const known = { names: useBotNames(), me: useMe().data?.id, now: useNow() };
  const [all, setAll] = useState(false);
  const release = useReleaseColumn(known, onRelease);
  if (rows.length === 0)
    return (
      <Empty icon={<ShieldCheck className="size-6" />} title="Nothing is held back">
        What is halted or may only reduce by itself stands here with its release: a venue, an account, a bot.
      </Empty>
    );
  const hidden = all ? 0 : Math.max(0, rows.length - shownFirst);
  return (
    <>
      <Sheet
        caption="What is held back"
        columns={[...columns(known), release]}
        rows={all ? rows : rows.slice(0, shownFirst)}
        keyOf={({ scope }) => scope}
      />
      {hidden === 0 ? null : (
        <div className="flex justify-center border-t border-line p-3">
          <button type="button" className="button small" onClick={() => setAll(true)}>
            Show {hidden} more
          </button>
        </div>
      )}
    </>
  );
}

function useReleaseColumn({ names, me }: Known, ask: (held: Held) => void): Column<Held> {
  const mayRelease = useMay('brake');
  const mayReleaseAll = useMay('risk');
  const mayEnd = ({ operator }: Held) => (operator ? mayReleaseAll : mayRelease);
  return {
    label: 'Release',
    cell: (held) =>
      mayEnd(held) ? (
        <button
          type="button"
          className="button small"
          aria-label={`Release ${scopeWords(held.scope, names, me)}`}
          onClick={() => ask(held)}
        >
          <Unlock aria-hidden="true" className="size-4" /> Release
        </button>
      ) : (
        <span className="text-quiet">the role risk or an administrator</span>
      ),
  };
}

function ReleaseScope({ held: { scope }, onClose }: { readonly held: Held; readonly onClose: () => void }) {
  const names = useBotNames();
  const me = useMe().data?.id;
  const forget = useForgetRiskState();
  const whom = scopeWords(scope, names, me);
  return (
    <Confirm
      title={`Release ${whom}?`}
      confirm="Release"
      typed={isEverybodys(scope) ? 'RELEASE' : null}
      onClose={onClose}
      onConfirm={async () => {
        await command('POST', '/v1/release', { scope, text: '', ...(isEverybodys(scope) ? { confirm: scope } : {}) });
        // What a halt of that very scope had left is nobody's next step any more.
        releaseHaltOf(scope === `user:${me}` ? 'mine' : scope);
        await forget();
        toastDone(`${whom.charAt(0).toUpperCase()}${whom.slice(1)} is released`);
      }}
    >
      {isEverybodys(scope) ? 'It is everybody’s. ' : ''}Whatever runs there opens new positions again, unless something
      wider holds it back.
    </Confirm>
  );
}
