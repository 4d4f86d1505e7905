import { fileURLToPath } from 'node:url'
import { type Plugin, defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

/** With these a page may share memory with its workers. Without them, as on most static hosts, it works too. */
const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/** The built page asks for nothing from elsewhere, and says so. Vite's own server needs more. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const contentPolicy: Plugin = {
  name: 'content-policy',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { 'http-equiv': 'content-security-policy', content: POLICY }, injectTo: 'head-prepend' }],
}

export default defineConfig({
  root: here,
  // The page may be put anywhere.
  base: './',
  resolve: { conditions: ['isopix-source', 'module', 'browser', 'development|production'] },
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true },
  worker: { format: 'es' },
  plugins: [contentPolicy],
  server: { headers: ISOLATION, fs: { allow: [fileURLToPath(new URL('..', import.meta.url))] } },
  preview: { headers: ISOLATION },
})
