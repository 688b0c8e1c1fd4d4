import type { VenueId } from '@scalpstorm/model';

/** Why a question to a venue got no usable answer; asking again later may work. */
export type WeatherCode =
  | 'VENUE_UNREACHABLE'
  | 'VENUE_TIMEOUT'
  | 'VENUE_OVERLOADED'
  /** It failed too often, so it was not asked at all. */
  | 'VENUE_CIRCUIT_OPEN'
  | 'VENUE_RATE_LIMITED'
  | 'VENUE_CLOCK_SKEW'
  | 'VENUE_UNREADABLE'
  | 'VENUE_CLOSED';

/** Why a venue will answer no at the next try too; somebody has to change something. */
export type RefusalCode = 'VENUE_AUTH_REFUSED' | 'VENUE_REQUEST_REFUSED' | 'VENUE_UNKNOWN_INSTRUMENT';

/** Weather: the question was not answered, so nothing at all is known from it. Bounded retry with back-off. */
export class VenueUnreachable extends Error {
  override readonly name = 'VenueUnreachable';

  constructor(
    readonly venue: VenueId,
    readonly code: WeatherCode,
    text: string,
    options?: ErrorOptions,
  ) {
    super(`${venue}: ${text}`, options);
  }
}

/** The venue understood and said no; a retry gives the same. */
export class VenueRefused extends Error {
  override readonly name = 'VenueRefused';

  constructor(
    readonly venue: VenueId,
    readonly code: RefusalCode,
    text: string,
    /** What a person can do about it. */
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(`${venue}: ${text}`, options);
  }
}
