// What an image is made from: the compiler and the bundler, as `npm run build` runs them, but with the Node that is there.
import { buildAll } from '../../tools/build.mjs';

await buildAll(process.execPath);
