import { Handshake } from 'lucide-react';
import { useState } from 'react';
import { useForgetReconciliation, useMay, useMe, usePages } from '../api/lists.js';
import { command } from '../api/session.js';
import { shown } from '../domain/decimal.js';
import { decidedWords, decisions, mayDecide } from '../domain/reconciliation-words.js';
import { exactTime, timeOf } from '../domain/time.js';
import { counted } from '../domain/words.js';
import type { ExternalOrder } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { Empty } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';
import { SideMark } from '../ui/marks.js';
import { Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { toastDone } from '../ui/toast.js';

/** The stream does not tell of them. */
const lookEveryMs = 10_000;

type Words = (typeof decisions)[number];
interface Asked {
  readonly order: ExternalOrder;
  readonly words: Words;
}

const columns = (now: number): readonly Column<ExternalOrder>[] => [
  {
    label: 'Seen',
    cell: ({ seenAt, working }) => (
      <>
        <time dateTime={seenAt} title={exactTime(seenAt)} className="num whitespace-nowrap">
          {timeOf(seenAt, now)}
        </time>
        <span className="block text-xs text-quiet">{working ? 'works at the venue' : 'not there any more'}</span>
      </>
    ),
  },
  { label: 'Market', cell: ({ symbol, account }) => <MarketOf symbol={symbol} account={account} /> },
  {
    label: 'Order',
    cell: ({ side, venueOrderId, clientOrderId }) => (
      <>
        <SideMark side={side} />
        <span className="block text-xs break-all text-quiet">{clientOrderId || venueOrderId}</span>
      </>
    ),
  },
  {
    label: 'Quantity',
    figure: true,
    cell: ({ quantity, filledQuantity }) => (
      <>
        {shown(quantity)}
        {filledQuantity === '0' ? null : (
          <span className="block text-xs text-quiet">{shown(filledQuantity)} filled</span>
        )}
      </>
    ),
  },
  { label: 'Price', figure: true, cell: ({ price }) => (price === null ? 'market' : shown(price)) },
];

const MarketOf = ({ symbol, account }: Pick<ExternalOrder, 'symbol' | 'account'>) => (
  <span className="whitespace-nowrap">
    {symbol}
    <span className="block text-xs text-quiet">{account}</span>
  </span>
);

/** Orders at the venues that nobody placed here: left alone until a person decides. */
export function ExternalOrders({ account }: { readonly account: string | undefined }) {
  const now = useNow();
  const me = useMe().data?.id;
  const mayTrade = useMay('trader');
  const pages = usePages<ExternalOrder>('/v1/reconciliation/external-orders', { account }, lookEveryMs);
  const rows = pages.data?.pages.flatMap(({ data }) => data);
  const waiting = rows?.filter((order) => order.working && order.decision === null).length ?? 0;
  const [asked, setAsked] = useState<Asked | null>(null);
  const decision: Column<ExternalOrder> = {
    label: 'Decision',
    whole: true,
    cell: (order) => (
      <div className="flex flex-wrap items-center gap-2">
        <DecidedAt order={order} me={me} now={now} />
        {mayDecide(order) && mayTrade
          ? decisions
              .filter((words) => words.decision !== order.decision)
              .map((words) => (
                <button
                  key={words.decision}
                  type="button"
                  className="button small"
                  aria-label={`${words.label} the order ${order.clientOrderId || order.venueOrderId}`}
                  onClick={() => setAsked({ order, words })}
                >
                  {words.label}
                </button>
              ))
          : null}
      </div>
    ),
  };
  return (
    <Section
      title="Orders placed elsewhere"
      note={
        waiting === 0 ? undefined : (
          <span className="whitespace-nowrap text-warn">{counted(waiting, 'order')} to decide on</span>
        )
      }
    >
      <LogView
        rows={rows}
        pages={pages}
        empty={
          <Empty icon={<Handshake className="size-6" />} title="None was found">
            An order at a venue that nobody placed here, say from its own app, is shown here and left alone until you
            decide.
          </Empty>
        }
      >
        {(shownRows) => (
          <Sheet
            caption="Orders placed elsewhere"
            columns={[...columns(now), decision]}
            rows={shownRows}
            keyOf={({ id }) => id}
          />
        )}
      </LogView>
      {asked === null ? null : <Decide asked={asked} onClose={() => setAsked(null)} />}
    </Section>
  );
}

interface DecidedAtProps {
  readonly order: ExternalOrder;
  readonly me: string | undefined;
  readonly now: number;
}

function DecidedAt({ order, me, now }: DecidedAtProps) {
  if (order.decision === null) return mayDecide(order) ? null : <span className="text-quiet">nobody decided</span>;
  return (
    <span className="min-w-0 break-words">
      {decidedWords(order, me)}
      {order.decidedAt === null ? null : (
        <time dateTime={order.decidedAt} title={exactTime(order.decidedAt)} className="num block text-xs text-quiet">
          {timeOf(order.decidedAt, now)}
        </time>
      )}
    </span>
  );
}

function Decide({ asked: { order, words }, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const forget = useForgetReconciliation();
  const { side, quantity, symbol, price, account } = order;
  const { decision, question, consequence, done } = words;
  return (
    <Confirm
      title={question}
      confirm={words.confirm}
      danger={decision === 'cancel'}
      onClose={onClose}
      onConfirm={async () => {
        try {
          await command<ExternalOrder>('POST', `/v1/reconciliation/external-orders/${order.id}`, { decision });
        } finally {
          // Also what was refused has often changed since it was listed.
          await forget();
        }
        toastDone(done, `${side} ${shown(quantity)} ${symbol}`);
      }}
    >
      <p className="font-semibold">
        {`${side} ${shown(quantity)} ${symbol} at ${price === null ? 'the market' : shown(price)}, account ${account}`}
      </p>
      <p className="mt-2 text-quiet">{consequence}</p>
    </Confirm>
  );
}
