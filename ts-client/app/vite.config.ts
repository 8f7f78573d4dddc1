import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Where `npm run dev` finds a running server.
const server = process.env.MILEPOST_URL ?? 'http://127.0.0.1:8080';
const served = ['/api', '/start_task', '/sse_progress', '/docs', '/openapi.json', '/healthz', '/readyz', '/problems'];

export default defineConfig({
  plugins: [react()],
  server: {
    // Host and Origin as the server knows them, so that its host and origin checks pass.
    proxy: Object.fromEntries(
      served.map((path) => [path, { target: server, changeOrigin: true, headers: { origin: server } }]),
    ),
  },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // Everything is served from one machine, often without a way out: nothing may be inlined as a
    // data: URL that a strict content policy would refuse.
    assetsInlineLimit: 0,
    // One style sheet for all pages: an old page that asks for another one's after an upgrade would
    // have none.
    cssCodeSplit: false,
  },
});
