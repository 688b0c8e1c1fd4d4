import { type Amount, amountOfWireUnits, parseWireUnits } from './domain/amounts.js';
import { defaultFeeRate, type FeeAsset, type Fees, feeRateAllowed, parseFeeRate } from './domain/fees.js';
import { UsageError } from './options-usage.js';

/** What the command line says about commissions. */
export interface FeeTexts {
  readonly maker?: string | undefined;
  readonly taker?: string | undefined;
  readonly asset?: string | undefined;
  readonly assetBalance?: string | undefined;
  readonly assetPrice?: string | undefined;
  /** The synthetic markets; null for a recorded one, whose name is not known yet. */
  readonly symbols: readonly string[] | null;
}

const assetPattern = /^[A-Z0-9]{1,16}$/;
export const defaultFeeBalance = '1000';

/** Rates and, where one is named, the asset that pays them. Throws {@link UsageError}. */
export function readFees(texts: FeeTexts): Fees {
  return {
    maker: readRate('--maker-fee', texts.maker),
    taker: readRate('--taker-fee', texts.taker),
    asset: readAsset(texts),
  };
}

function readRate(field: string, text = defaultFeeRate): bigint {
  const rate = parseFeeRate(text);
  if (rate !== null) return rate;
  throw new UsageError('OPTION_OUT_OF_RANGE', field, `${feeRateAllowed}, not '${text}'`);
}

function readAsset({ asset, assetBalance, assetPrice, symbols }: FeeTexts): FeeAsset | null {
  if (asset === undefined) {
    const alone = assetBalance === undefined ? '--fee-asset-price' : '--fee-asset-balance';
    if (assetBalance !== undefined || assetPrice !== undefined)
      throw new UsageError('OPTION_NEEDS_ANOTHER', alone, 'given together with --fee-asset');
    return null;
  }
  if (!assetPattern.test(asset))
    throw new UsageError('BAD_ASSET', '--fee-asset', `one asset in capitals such as BNB, not '${asset}'`);
  const isTraded = symbols?.some((symbol) => symbol.startsWith(`${asset}-`)) ?? false;
  if (!isTraded && assetPrice === undefined) {
    const allowed = `priced: by a market such as ${asset}-USDT among --symbols, or by --fee-asset-price`;
    throw new UsageError('OPTION_NEEDS_ANOTHER', '--fee-asset', allowed);
  }
  return {
    name: asset,
    opening: readAmount('--fee-asset-balance', assetBalance ?? defaultFeeBalance),
    fixedPrice: assetPrice === undefined ? null : readPrice(assetPrice),
  };
}

function readAmount(field: string, text: string): Amount {
  const units = parseWireUnits(text);
  if (units !== null && units >= 0n && units <= 10n ** 18n) return amountOfWireUnits(units);
  throw new UsageError('OPTION_OUT_OF_RANGE', field, `an exact decimal from 0 to 10000000000, not '${text}'`);
}

function readPrice(text: string): bigint {
  const units = parseWireUnits(text);
  if (units !== null && units > 0n && units <= 10n ** 18n) return units;
  const allowed = `an exact decimal above 0 and up to 10000000000, not '${text}'`;
  throw new UsageError('OPTION_OUT_OF_RANGE', '--fee-asset-price', allowed);
}
