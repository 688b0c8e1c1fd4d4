export { ConfigError, type ConfigProblem } from './config-error.js';
export { configProvider, Environment, EnvironmentModule } from './environment.module.js';
export { commonEnv, logLevels, natsEnv, postgresEnv, publicEnv, redisEnv } from './fragments.js';
export { describeConfig, type EnvironmentVariables, loadConfig, withoutPassword } from './load-config.js';
export { choice, durationMs, flag, port, postgresUrl, share, text, token, url, wholeNumber } from './parsers.js';
export { isSecret, type Setting, secret, setting } from './setting.js';
