import { second, Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { type Anomaly, type AnomalyLimits, type AuditedFact, grouped, textIn, windowText } from './anomaly.js';
import { placeIn } from './log-in-anomalies.js';

/** Whoever makes a key carries it to its program by hand; one that works elsewhere at once was taken on the way. */
const atOnceMicros = 60 * second;
const revokeIt = 'If that was not you, revoke the key, and give the next one a list of addresses.';

/** What is seen of keys of programs: a key that has moved, one that was taken, and one that tries what it may not. */
export function keyAnomalies(facts: readonly AuditedFact[], limits: AnomalyLimits): readonly Anomaly[] {
  const uses = facts.filter(({ kind }) => kind === 'api-key-used');
  return [...uses.flatMap(fromNewAddress), ...uses.flatMap((use) => atOnce(use, facts)), ...refusals(facts, limits)];
}

const numberIn = ({ body }: AuditedFact, name: string): number => {
  const value = body[name];
  return typeof value === 'number' ? value : 0;
};

function fromNewAddress(use: AuditedFact): readonly Anomaly[] {
  const [place, before] = [placeIn(use), numberIn(use, 'placesBefore')];
  if (before === 0) return [];
  return [
    {
      rule: 'api-key-from-new-address',
      subject: use.subject,
      detail: place,
      userId: UserId.of(use.actor),
      text: `The API key ${use.subject} was used from ${place}, where it had never been used. ${revokeIt}`,
      evidence: { place, placesBefore: before },
    },
  ];
}

function atOnce(use: AuditedFact, facts: readonly AuditedFact[]): readonly Anomaly[] {
  const made = facts.find(({ kind, subject }) => kind === 'api-key-created' && subject === use.subject);
  if (made === undefined) return [];
  const usedAt = Timestamp.fromMillis(Date.parse(textIn(use.body, 'firstAt')));
  const [place, madeFrom] = [placeIn(use), placeIn(made)];
  if (madeFrom === '' || place === madeFrom || usedAt - made.at > atOnceMicros) return [];
  return [
    {
      rule: 'api-key-used-elsewhere-at-once',
      subject: use.subject,
      detail: place,
      userId: UserId.of(use.actor),
      text: `The API key ${use.subject} was made from ${madeFrom} and used from ${place} within a minute. ${revokeIt}`,
      evidence: { place, madeFrom },
    },
  ];
}

/** Of a key that is known by its id; of one that is none, by where it came from. */
function refusals(facts: readonly AuditedFact[], { keyRefusals }: AnomalyLimits): readonly Anomaly[] {
  const refused = facts.filter(({ kind }) => kind === 'api-key-refused');
  return [...grouped(refused, (fact) => fact.subject || placeIn(fact))].flatMap(([subject, group]) => {
    const times = group.reduce((sum, fact) => sum + numberIn(fact, 'times'), 0);
    const first = group[0];
    if (first === undefined || times < keyRefusals) return [];
    const owner = textIn(first.body, 'user');
    const codes = [...new Set(group.map(({ body }) => textIn(body, 'code')))].toSorted();
    const what = owner === '' ? `Keys that do not exist, from ${subject},` : `The API key ${subject}`;
    return [
      {
        rule: 'api-key-refusals',
        subject,
        detail: '',
        userId: owner === '' ? null : UserId.of(owner),
        text: `${what} ${owner === '' ? 'were' : 'was'} refused ${times} times within ${windowText} (${codes.join(', ')}). Find the program that uses it, or revoke it.`,
        evidence: { times, codes, places: new Set(group.map(placeIn)).size },
      },
    ];
  });
}
