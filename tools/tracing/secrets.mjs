// What nobody may read anywhere: every kind of secret that the platform is given, each with a text that stands nowhere else.
import { randomBytes } from 'node:crypto';

const planted = (what) => `planted-${what}-${randomBytes(8).toString('hex')}`;
const key = () => randomBytes(32).toString('hex');

export const secrets = {
  venueKey: planted('venue-key'),
  venueSecret: planted('venue-secret'),
  ownKey: planted('own-key'),
  ownSecret: planted('own-secret'),
  jwtSecret: planted('jwt-secret-of-32-characters'),
  setupToken: planted('setup-token'),
  password: planted('password'),
  wrongPassword: planted('wrong-password'),
  stolenToken: planted('token'),
  vaultKey: key(),
  notificationsKey: key(),
  telegramToken: `123456:${planted('telegram')}`,
  smtpPassword: planted('smtp'),
  webhookPassword: planted('webhook'),
  kafkaPassword: planted('kafka'),
  collector: planted('collector'),
  wrongServerPassword: planted('server-password'),
};

/** The names of those whose secret stands in the text, as it is or as it would stand in a URL, in base64 or in hexadecimal. */
export function plantedIn(text, wanted) {
  const forms = (secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ];
  return Object.entries(wanted).flatMap(([name, secret]) =>
    forms(secret).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** Of the servers that the tests were given, as far as they are more than a word that stands anywhere. */
export function serverPasswords() {
  const ofUrl = (url) => decodeURIComponent(new URL(url).password);
  const { TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_NATS_PASSWORDS } = process.env;
  const all = { postgres: ofUrl(TEST_POSTGRES_URL), redis: ofUrl(TEST_REDIS_URL), ...JSON.parse(TEST_NATS_PASSWORDS) };
  return Object.fromEntries(
    Object.entries(all).filter(([name, password]) => password.length >= 12 && password !== name),
  );
}
