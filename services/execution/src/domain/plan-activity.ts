import { type Plan, unclosedOf } from '@scalpstorm/engine';
import { type Activity, isPlanOver, Quantity } from '@scalpstorm/model';

/** What its user is told when a plan comes to an end that needs him; null: nothing. */
export function planActivity(before: Plan, next: Plan): Activity | null {
  const { status, reason } = next;
  if (!isPlanOver(status) || (before.status === status && before.reason?.code === reason?.code)) return null;
  if (status === 'failed') return failed(next);
  const held = next.terms.kind === 'bracket' ? unclosedOf(next) : 0n;
  if (status !== 'canceled' || held <= 0n) return null;
  const bare = Quantity.format(Quantity.fromUnits(held));
  const text = `was canceled, and ${bare} are held without a stop. Place a stop, or close the position.`;
  return told(next, 'PLAN_UNPROTECTED', text);
}

/** What its user is told when what a halt is to close was not closed for a day. @param held what is to be closed */
export function closeGivenUp(plan: Plan, held: Quantity): Activity {
  const text = `has ${Quantity.format(held)} to close that could not be closed for a day. It is tried every five minutes. Close it by hand, or at the venue.`;
  return told(plan, 'CLOSE_GIVEN_UP', text);
}

function failed(plan: Plan): Activity {
  const why = `${plan.reason?.text ?? 'no reason'} (${plan.reason?.code ?? 'FAILED'})`;
  if (plan.reason?.code === 'PLAN_OVERFILLED')
    return told(
      plan,
      'PLAN_OVERFILLED',
      `was overfilled: ${why}. Nothing is undone; trade back by hand what is too much.`,
    );
  return told(plan, 'PLAN_FAILED', `failed: ${why}. Look at what is held, then plan anew or close it.`);
}

function told({ id, userId, accountId, instrumentId, terms }: Plan, code: string, text: string): Activity {
  const data = { planId: id, accountId, instrumentId, kind: terms.kind };
  const words = `The ${terms.kind} plan ${id} in ${instrumentId} on account ${accountId} ${text}`;
  return { level: 'ERROR', code, text: words, userId, botId: null, data };
}
