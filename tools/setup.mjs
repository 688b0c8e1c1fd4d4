// `npm run setup`: packages, the pinned Node and the build are done by run.mjs before this; the servers remain.
import { errorText, exitCodeOf } from './failure.mjs';
import { describeInstance } from './instance.mjs';
import { say } from './progress.mjs';
import { prepareServers } from './servers.mjs';

try {
  const servers = await prepareServers({ instance: describeInstance('default') });
  say(`Node      ${process.version}`);
  for (const { name, from, external } of Object.values(servers)) {
    say(`${name.padEnd(9)} ${external ? 'from the environment' : from}`);
  }
  say('Everything is here. Next: npm start');
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}
