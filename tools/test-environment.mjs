import { compileCache } from './paths.mjs';
import { busAdministrator } from './servers.mjs';

/**
 * What a test or a bench reads to find the servers.
 * @param {{nats: object, postgres: object, redis: object}} servers
 * @returns {Record<string, string>}
 */
export function testEnvironment({ nats, postgres, redis }) {
  const administrator = nats.user ?? busAdministrator;
  return {
    TEST_NATS_URL: nats.url,
    TEST_NATS_ADMIN_USER: administrator,
    TEST_NATS_ADMIN_PASSWORD: nats.passwords[busAdministrator],
    TEST_NATS_PASSWORDS: JSON.stringify(nats.passwords),
    TEST_POSTGRES_URL: postgres.url,
    TEST_REDIS_URL: redis.url,
    // For the many processes that specs start and kill.
    NODE_COMPILE_CACHE: compileCache,
    // A spec that misses its servers has failed then; nobody takes it for skipped.
    SCALPSTORM_TEST_SERVERS: 'required',
  };
}
