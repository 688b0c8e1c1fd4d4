import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

/** Where a gateway runs while the page is being worked on: `GATEWAY=http://127.0.0.1:3000 npx vite`. */
const gateway = process.env.GATEWAY ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [tailwindcss()],
  logLevel: 'warn',
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the gateway allows files, not data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries mark parts for servers that render React; here everything runs in the browser.
      onLog: (level, log, next) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : next(level, log)),
    },
  },
  server: { proxy: { '/v1': { target: gateway, ws: true, changeOrigin: true, rewriteWsOrigin: true } } },
});
