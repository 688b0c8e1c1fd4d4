import { venueAccountVerbs } from '../../use-cases/venue-accounts.js';
import { get, patch, person, post, remove, sealed } from './route-builder.js';
import * as form from './schemas.js';
import * as platform from './schemas-platform.js';

/** The venue accounts that users bring. */
export const venueAccountRoutes = {
  listVenueAccounts: get('/v1/venue-accounts', {
    summary: 'The venue accounts that I brought, without their secrets',
    access: 'viewer',
    reply: form.listOf(platform.venueAccountRow),
  }),
  listVenueOffers: get('/v1/venue-offers', {
    summary: 'Venues and modes that an account can be added at',
    access: 'viewer',
    reply: form.listOf(platform.venueOfferRow),
  }),
  addVenueAccount: post('/v1/venue-accounts', {
    summary: 'Add a venue account; the key is tested first, and is never given back',
    access: 'trader',
    body: platform.newVenueAccountBody,
    status: 201,
    reply: platform.venueAccountRow,
    ...sealed,
  }),
  getVenueAccount: get('/v1/venue-accounts/:id', {
    summary: 'One venue account, without its secret',
    access: 'viewer',
    params: platform.venueAccountParams,
    reply: platform.venueAccountRow,
  }),
  editVenueAccount: patch('/v1/venue-accounts/:id', {
    summary: 'Change the label',
    access: 'trader',
    params: platform.venueAccountParams,
    body: platform.venueAccountPatch,
    reply: platform.venueAccountRow,
    ...person,
  }),
  rotateVenueAccount: post('/v1/venue-accounts/:id/rotate', {
    summary: 'Replace key and secret; the new ones are tested first',
    access: 'trader',
    params: platform.venueAccountParams,
    body: platform.keyAndSecret,
    reply: platform.venueAccountRow,
    ...sealed,
  }),
  commandVenueAccount: post('/v1/venue-accounts/:id/:verb', {
    summary: `Tell a venue account to ${venueAccountVerbs.join(', ')}`,
    access: 'trader',
    params: platform.venueAccountVerbParams,
    reply: platform.venueAccountRow,
    ...person,
  }),
  removeVenueAccount: remove('/v1/venue-accounts/:id', {
    summary: 'Remove a venue account and its secret; its orders and fills stay',
    access: 'trader',
    params: platform.venueAccountParams,
    status: 204,
    reply: form.noReply,
    ...person,
  }),
} as const;
