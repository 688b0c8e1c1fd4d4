// Lets a child process of a spec run the sources: `node --conditions=source --import <this file> child.ts`.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const isSource = (url) => url?.startsWith('file:') && url.endsWith('.ts') && !url.includes('/node_modules/');

registerHooks({
  resolve(specifier, context, next) {
    const fromSource = isSource(context.parentURL) && specifier.startsWith('.') && specifier.endsWith('.js');
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!isSource(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const configFile = fileURLToPath(new URL('../../../../.swcrc', import.meta.url));
    const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, configFile, sourceMaps: false });
    return { format: 'module', shortCircuit: true, source: code };
  },
});
