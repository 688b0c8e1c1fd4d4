import { useForgetRiskState, useMay, useRiskState } from '../api/lists.js';
import { command } from '../api/session.js';
import type { HaltScope } from '../domain/halt.js';
import type { TradingStateRow } from '../domain/rows.js';
import { isEverybodys } from '../domain/scope-words.js';
import { useChannel } from '../live/live-provider.js';
import { Confirm } from '../ui/confirm.js';
import { toastDone } from '../ui/toast.js';
import { keepHalt } from './halt-left.js';

interface Halt {
  readonly row: TradingStateRow;
  /** Null until the gateway has said whose halt it is. */
  readonly scope: HaltScope | null;
  readonly mayRelease: boolean;
}

/** What halts the user now, or holds them to reducing, and whether they may end it; null while trading is active. */
export function useHalt(): Halt | null {
  const row = useChannel<TradingStateRow>('state')?.[0];
  const state = useRiskState(`${row?.state ?? ''}/${row?.since ?? ''}`).data;
  const mayHalt = useMay('brake');
  const mayHaltAll = useMay('risk');
  if (row === undefined || row.state === 'active') return null;
  const scope = state === undefined ? null : state.platform.state === row.state ? 'platform' : 'mine';
  return { row, scope, mayRelease: scope === 'platform' ? mayHaltAll : mayHalt };
}

interface ReleaseDialogProps {
  readonly scope: HaltScope;
  readonly onClose: () => void;
}

export function ReleaseDialog({ scope, onClose }: ReleaseDialogProps) {
  const forget = useForgetRiskState();
  return (
    <Confirm
      title={scope === 'platform' ? 'Release the whole platform?' : 'Release trading?'}
      confirm="Release"
      typed={isEverybodys(scope) ? 'RELEASE' : null}
      onClose={onClose}
      onConfirm={async () => {
        await command('POST', '/v1/release', { text: '', scope, ...(scope === 'mine' ? {} : { confirm: scope }) });
        keepHalt(null);
        await forget();
        toastDone(scope === 'platform' ? 'The platform is released' : 'Trading is released');
      }}
    >
      {scope === 'platform'
        ? 'Everybody’s bots that are running open new positions again, unless their owners have halted them.'
        : 'Bots that are running open new positions again.'}{' '}
      Bots that were stopped stay stopped.
    </Confirm>
  );
}
