// Builds everything that is not written by hand: the kernels, the shaders and the worker as modules in
// src/generated/, then the package in dist/. `--generated` stops before dist/.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

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
  const base64 = readFileSync('build/kernels.wasm').toString('base64')
  generate(
    'kernels.ts',
    `const base64 = '${base64}'\n\n` +
      '/** The bytes of the kernels. */\n' +
      'export function kernelsWasm(): Uint8Array<ArrayBuffer> {\n' +
      '  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))\n}\n',
  )
}

function buildShaders() {
  const files = ['lib', '.'].flatMap((folder) =>
    readdirSync(`shaders/${folder}`)
      .filter((file) => file.endsWith('.wgsl'))
      .sort()
      .map((file) => (folder === '.' ? file : `${folder}/${file}`)),
  )
  const entries = files.map((file) => `  '${file}': ${JSON.stringify(readFileSync(`shaders/${file}`, 'utf8'))},\n`)
  generate('shaders.ts', `/** Shader files by their path in shaders/. */\nexport const shaders: Readonly<Record<string, string>> = {\n${entries.join('')}}\n`)
}

async function buildWorker() {
  const { outputFiles } = await build({
    entryPoints: ['src/platform/worker-node.ts'],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  })
  generate('worker-node.ts', `/** The worker, bundled, for Node. */\nexport const workerSource = ${JSON.stringify(outputFiles[0].text)}\n`)
}

buildKernels()
buildShaders()
await buildWorker()
if (!process.argv.includes('--generated')) {
  rmSync('dist', { recursive: true, force: true })
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
}
