// `npm run k8s:check`: every overlay rendered by the real kubectl, every object held against closed schemas and our own rules.
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { say } from '../progress.mjs';
import { checkManifests } from './check.mjs';
import { kubectlCommand } from './kubectl.mjs';

const help = `npm run k8s:check -- [--json]

Renders k8s/overlays/* with kubectl (fetched once), and judges every object.
  --json   one line {"overlays","objects","failures"} on stdout
exit code: 0 nothing found, 1 something found, or it could not be checked`;

async function main(args) {
  if (args.includes('--help')) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined)
    throw new Failure('UNKNOWN_OPTION', `"${unknown}" is no option.`, { next: 'see --help', exitCode: 2 });
  const report = await checkManifests(await kubectlCommand());
  process.stdout.write(`${args.includes('--json') ? JSON.stringify(report) : textOf(report)}\n`);
  return report.failures.length === 0 ? 0 : 1;
}

/** Whoever reads the answer gets one, also when nothing could be checked. */
function answerForMachines(error) {
  if (!process.argv.includes('--json')) return;
  const failure = { overlay: '', object: '', code: error.code ?? 'CHECK_FAILED', text: error.message };
  process.stdout.write(`${JSON.stringify({ overlays: 0, objects: 0, failures: [failure] })}\n`);
}

function textOf({ overlays, objects, failures }) {
  const lines = failures.map(({ overlay, object, code, text }) => `${overlay}: ${object}: ${code}: ${text}`);
  return [...lines, `${objects} objects of ${overlays} overlays, ${failures.length} failures`].join('\n');
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(errorText(error));
  answerForMachines(error);
  process.exit(exitCodeOf(error));
}
