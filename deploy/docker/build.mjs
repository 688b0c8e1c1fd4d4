// What an image is made from: the compiler and the bundlers, as `npm run build` runs them, but with the Node that is there.
import { buildAll } from '../../tools/build.mjs';
import { errorText, exitCodeOf } from '../../tools/failure.mjs';
import { say } from '../../tools/progress.mjs';

try {
  await buildAll(process.execPath, { sealed: true });
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}
