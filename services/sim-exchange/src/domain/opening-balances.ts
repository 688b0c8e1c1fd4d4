import type { Account } from './account.js';
import { type Amount, amountOfWireUnits } from './amounts.js';
import type { FeeAsset } from './fees.js';
import type { MarketSpec } from './market-spec.js';

/** About this much of the quote currency's worth of every base asset, rounded up to a power of ten. */
const worthOfBase = 5_000_000;
const quoteUnits = 10_000_000n * 10n ** 8n;

/** Enough of both assets of every market to trade it for hours; what the account has held before is left alone. */
export function depositOpeningBalances(
  account: Account,
  specs: readonly MarketSpec[],
  feeAsset: FeeAsset | null = null,
): void {
  const wanted = new Map<string, Amount>();
  const want = (asset: string, amount: Amount): void => {
    const before = wanted.get(asset) ?? 0n;
    wanted.set(asset, before > amount ? before : amount);
  };
  for (const spec of specs) {
    const digits = Math.max(0, Math.ceil(Math.log10(worthOfBase / spec.referencePrice)));
    want(spec.base, amountOfWireUnits(10n ** BigInt(digits) * 10n ** 8n));
    want(spec.quote, amountOfWireUnits(quoteUnits));
  }
  // Said by the user, so it counts also where the asset has a market of its own.
  if (feeAsset !== null) wanted.set(feeAsset.name, feeAsset.opening);
  for (const [asset, amount] of wanted) if (!account.balances.has(asset)) account.deposit(asset, amount);
}
