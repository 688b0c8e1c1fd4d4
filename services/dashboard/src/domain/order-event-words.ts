import type { OrderDetail } from '../generated/api.js';

type Event = OrderDetail['events'][number];

/** What happened to an order, for whoever does not know the names of its states. */
export const orderEventWords: Readonly<Record<Event['kind'], string>> = {
  denied: 'The risk gate refused it',
  emulated: 'Its trigger is watched here; the venue does not know of it yet',
  released: 'Its trigger was reached; it goes to the venue',
  sending: 'It is being sent',
  submitted: 'The venue has it',
  accepted: 'The venue accepted it',
  triggered: 'The venue triggered it',
  rejected: 'The venue rejected it',
  'outcome-unknown': 'What became of it is not known; the venue is asked',
  filled: 'Filled',
  'cancel-requested': 'A cancel was asked for',
  'cancel-rejected': 'The venue did not cancel it',
  'end-held': 'Its end waits for fills that were not told yet',
  canceled: 'Canceled',
  expired: 'Expired',
};
