export { type CommandDoors, runCommand, usage } from './command.js';
export { natsPasswordVariable, setupEnv, usersEnv } from './config.js';
export { type DatabaseWanted, ensureDatabase } from './database.js';
export { BadTemplate, completeEnvironment } from './environment.js';
export { busUsersText, writeBusUsers } from './nats-users.js';
export { until } from './until.js';
