import type { Order } from '@scalpstorm/model';

/** The id of the message that tells one version of an order: however often it is told, a stream keeps one within its window. */
export const orderMessageId = ({ request, version }: Order): string => `order:${request.clientOrderId}:${version}`;
