import { UserId } from '@scalpstorm/model';
import {
  type Anomaly,
  type AnomalyLimits,
  type AnomalyLook,
  type AuditedFact,
  grouped,
  textIn,
  windowText,
} from './anomaly.js';
import { placeOf } from './place-of.js';

const changeIt = 'If that was not you, change the password, which ends every session, and tell an administrator.';

export const placeIn = ({ body }: AuditedFact): string => {
  const address = textIn(body, 'clientAddress');
  return address === '' ? '' : placeOf(address);
};

/** What log-ins show: guessing, guessing that came through, and a user who is somewhere else. */
export function logInAnomalies(look: AnomalyLook, limits: AnomalyLimits): readonly Anomaly[] {
  const failures = look.facts.filter(({ kind }) => kind === 'log-in-failed');
  const logIns = look.facts.filter(({ kind }) => kind === 'logged-in');
  return [
    ...ofAccounts(failures, limits),
    ...fromAddresses(failures, limits),
    ...afterFailures(failures, logIns, limits),
    ...fromNewAddresses(logIns, look.placesBefore),
  ];
}

function ofAccounts(failures: readonly AuditedFact[], { failuresOfAccount }: AnomalyLimits): readonly Anomaly[] {
  return [...grouped(failures, ({ subject }) => subject)].flatMap(([user, group]) => {
    if (group.length < failuresOfAccount) return [];
    const places = new Set(group.map(placeIn));
    return [
      {
        rule: 'log-in-failures-of-account',
        subject: user,
        detail: '',
        userId: UserId.of(user),
        text: `${group.length} log-ins to the account ${user} failed within ${windowText}, from ${places.size} ${places.size === 1 ? 'address' : 'addresses'}. If that was not you, make sure that the password is used nowhere else.`,
        evidence: { failures: group.length, places: places.size, lastPlace: [...places].at(-1) ?? '' },
      },
    ];
  });
}

function fromAddresses(failures: readonly AuditedFact[], { failuresFromAddress }: AnomalyLimits): readonly Anomaly[] {
  return [...grouped(failures, placeIn)].flatMap(([place, group]) => {
    if (group.length < failuresFromAddress) return [];
    const accounts = new Set(group.map(({ subject }) => subject).filter((subject) => subject !== '')).size;
    return [
      {
        rule: 'log-in-failures-from-address',
        subject: place,
        detail: '',
        userId: null,
        text: `${group.length} log-ins from ${place} failed within ${windowText}, at ${accounts} accounts that exist. Shut it out in front of the gateway unless you know whose it is.`,
        evidence: { failures: group.length, accounts, place },
      },
    ];
  });
}

/** Those since the log-in before it: whoever mistypes and gets in begins anew. */
function afterFailures(
  failures: readonly AuditedFact[],
  logIns: readonly AuditedFact[],
  { failuresBeforeSuccess }: AnomalyLimits,
): readonly Anomaly[] {
  const anomalies: Anomaly[] = [];
  const since = new Map<string, number>();
  for (const logIn of logIns) {
    const { actor, sequence } = logIn;
    const begin = since.get(actor) ?? 0;
    since.set(actor, sequence);
    const before = failures.filter((one) => one.subject === actor && one.sequence > begin && one.sequence < sequence);
    if (before.length < failuresBeforeSuccess) continue;
    const place = placeIn(logIn);
    anomalies.push({
      rule: 'log-in-after-failures',
      subject: actor,
      detail: place,
      userId: UserId.of(actor),
      text: `Somebody logged in as ${actor} from ${place}, after ${before.length} log-ins had failed within ${windowText}. ${changeIt}`,
      evidence: { failures: before.length, place, session: logIn.subject },
    });
  }
  return anomalies;
}

/** The first log-in of all has nothing to be compared with. */
function fromNewAddresses(
  logIns: readonly AuditedFact[],
  placesBefore: AnomalyLook['placesBefore'],
): readonly Anomaly[] {
  const known = new Map<string, Set<string>>();
  const anomalies: Anomaly[] = [];
  for (const logIn of logIns) {
    const { actor, subject } = logIn;
    const place = placeIn(logIn);
    if (place === '') continue;
    const places = known.get(actor) ?? new Set(placesBefore.get(actor));
    known.set(actor, places);
    if (places.size > 0 && !places.has(place))
      anomalies.push({
        rule: 'log-in-from-new-address',
        subject: actor,
        detail: place,
        userId: UserId.of(actor),
        text: `Somebody logged in as ${actor} from ${place}, where this user had never logged in. ${changeIt}`,
        evidence: { place, session: subject },
      });
    places.add(place);
  }
  return anomalies;
}
