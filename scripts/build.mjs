// Builds everything that is not written by hand: the kernels, the shaders and the worker as modules in
// src/generated/, then the package in dist/. `--generated` stops before dist/.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { build } from 'esbuild'
import { withoutProse } from './without-prose.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

function node(...args) {
  execFileSync(process.execPath, args, { stdio: 'inherit' })
}

function generate(name, text) {
  mkdirSync('src/generated', { recursive: true })
  writeFileSync(`src/generated/${name}`, `// Made by scripts/build.mjs.\n${text}`)
}

function buildKernels() {
  node('node_modules/assemblyscript/bin/asc.js', '--config', 'asconfig.json', '--target', 'release')
  const wasm = readFileSync('build/kernels.wasm')
  generate(
    'kernels.ts',
    '/** The kernels, as deflated bytes in base64. */\n' +
      `export const kernelsBase64 = '${deflateRawSync(wasm, { level: 9 }).toString('base64')}'\n\n` +
      '/** Where in the kernels the flags of the imported memory are: 3 is a shared memory, 1 one that is not. */\n' +
      `export const MEMORY_FLAGS_AT = ${memoryFlagsAt(wasm)}\n`,
  )
}

/** Finds `env`, `memory`, kind 2 (memory), flags 3 (shared, with a maximum) in the imports. */
function memoryFlagsAt(wasm) {
  const entry = Buffer.from('\x03env\x06memory\x02\x03', 'latin1')
  const at = wasm.indexOf(entry)
  if (at < 0 || wasm.indexOf(entry, at + 1) >= 0) throw new Error('the kernels do not import one shared memory')
  return at + entry.length - 1
}

function buildShaders() {
  const files = ['lib', '.'].flatMap((folder) =>
    readdirSync(`shaders/${folder}`)
      .filter((file) => file.endsWith('.wgsl'))
      .sort()
      .map((file) => (folder === '.' ? file : `${folder}/${file}`)),
  )
  const entries = files.map((file) => `  '${file}': ${JSON.stringify(withoutComments(readFileSync(`shaders/${file}`, 'utf8')))},\n`)
  generate('shaders.ts', `/** Shader files by their path in shaders/. */\nexport const shaders: Readonly<Record<string, string>> = {\n${entries.join('')}}\n`)
}

/** Shaders travel with every page: comments, indentation and empty lines stay behind. */
function withoutComments(wgsl) {
  const lines = wgsl.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim())
  return `${lines.filter((line) => line !== '').join('\n')}\n`
}

/** Bundles a platform's worker as one classic script. */
async function buildWorker(name, platform, format) {
  const { outputFiles } = await build({
    entryPoints: [`src/platform/worker-${name}.ts`],
    bundle: true,
    minify: true,
    platform,
    format,
    write: false,
  })
  const source = outputFiles[0].text
  generate(`worker-${name}.ts`, `/** The worker, bundled. */\nexport const workerSource = ${JSON.stringify(source)}\n`)
  return source
}

buildKernels()
buildShaders()
await buildWorker('node', 'node', 'cjs')
const browserWorker = await buildWorker('browser', 'browser', 'iife')
if (!process.argv.includes('--generated')) {
  rmSync('dist', { recursive: true, force: true })
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  // For pages without a bundler, and for those that want the worker and the kernels as files.
  await build({
    entryPoints: ['src/index.ts'],
    outfile: 'dist/isopix.js',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['isopix-source'],
    plugins: [withoutProse],
  })
  writeFileSync('dist/worker.js', browserWorker)
  copyFileSync('build/kernels.wasm', 'dist/kernels.wasm')
}
