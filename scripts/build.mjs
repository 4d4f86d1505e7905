// Builds everything that is not written by hand: the kernels, the shaders and the worker as modules in
// src/generated/, then the package in dist/. `--generated` stops before dist/.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import zopfli from '@gfx/zopfli'
import { build } from 'esbuild'
import { minify } from 'terser'
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

async function buildKernels() {
  node('node_modules/assemblyscript/bin/asc.js', '--config', 'asconfig.json', '--target', 'release')
  const wasm = readFileSync('build/kernels.wasm')
  const deflated = await promisify(zopfli.deflate)(wasm, {})
  generate(
    'kernels.ts',
    '/** The kernels, as deflated bytes in base64. */\n' +
      `export const kernelsBase64 = '${Buffer.from(deflated).toString('base64')}'\n\n` +
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
  const entries = files.map((file) => `  '${file}': ${JSON.stringify(shortened(readFileSync(`shaders/${file}`, 'utf8')))},\n`)
  generate('shaders.ts', `/** Shader files by their path in shaders/. */\nexport const shaders: Readonly<Record<string, string>> = {\n${entries.join('')}}\n`)
}

/** The kernels as text are like nothing else, and compressors do not see past them: they are moved to the end. */
function withKernelsLast(code) {
  const [text] = /"[\w+/=]{8192,}"/.exec(code)
  return `${code.replace(text, 'kernelsText')}var kernelsText=${text};\n`
}

/** Shaders travel with every page: comments and space that parts no two words stay behind. */
function shortened(wgsl) {
  const words = wgsl.replace(/\/\/.*$/gm, '').replace(/\s+/g, ' ').trim()
  // Operators keep the space before a sign, since `--` would be another operator.
  return words.replace(/ ?([{}()[\];,:]) ?/g, '$1').replace(/(?<=[\w)\]]) ?([-+*/%=<>&|^!]+) ?(?=[\w(])/g, '$1')
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

await buildKernels()
buildShaders()
await buildWorker('node', 'node', 'cjs')
const browserWorker = await buildWorker('browser', 'browser', 'iife')
if (!process.argv.includes('--generated')) {
  rmSync('dist', { recursive: true, force: true })
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  // For pages without a bundler, and for those that want the worker and the kernels as files.
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['isopix-source'],
    plugins: [withoutProse],
  })
  // Terser shortens by another 2 % what esbuild shortened.
  const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2022, compress: { passes: 3 } })
  writeFileSync('dist/isopix.js', withKernelsLast(code))
  writeFileSync('dist/worker.js', browserWorker)
  copyFileSync('build/kernels.wasm', 'dist/kernels.wasm')
}
