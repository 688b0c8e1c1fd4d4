import { useMemo } from 'react';
import type { Instrument } from '../domain/rows.js';
import { useInstruments } from './lists.js';

type InstrumentOf = (market: Pick<Instrument, 'venue' | 'symbol'>) => Instrument | undefined;

/** The rules of a market; undefined while they are not known. */
export function useInstrumentOf(): InstrumentOf {
  const listed = useInstruments().data?.data;
  return useMemo(() => {
    const byId = new Map(listed?.map((instrument) => [instrument.id, instrument]));
    return ({ venue, symbol }) => byId.get(`${venue}:${symbol}`);
  }, [listed]);
}
