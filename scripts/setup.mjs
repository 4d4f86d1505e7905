// What a fresh clone needs before anything runs. Plain Node: nothing is installed yet when this starts.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** What the package is built from; src/generated is built as well. */
const FOLDERS = ['src', 'assembly', 'shaders']
const SOURCES = [...FOLDERS, 'scripts/build.mjs', 'scripts/without-prose.mjs', 'package.json', 'asconfig.json', 'tsconfig.json', 'tsconfig.build.json']
/** Built last, so that they are there only after a build that went through. */
const BUILT = ['src/generated/worker-browser.ts', 'dist/index.js', 'dist/cli/main.js', 'dist/kernels.wasm']

/** Installs the packages where one is missing or of another version than package-lock.json says. */
export function install() {
  if (isInstalled()) return
  console.error('isopix: installing packages…')
  const npm = process.env.npm_execpath
  // Not "ci": it insists on entries for systems whose packages a registry may not have.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // Started by npm there is a script to run; on Windows npm alone is no program but a shell script.
  if (npm === undefined) run('npm', args, { shell: process.platform === 'win32' })
  else run(process.execPath, [npm, ...args])
}

/** Whether the package is there and newer than its sources. */
export function isBuilt() {
  const newest = Math.max(...SOURCES.map((source) => changedAt(join(root, source))))
  return BUILT.every((file) => existsSync(join(root, file)) && statSync(join(root, file)).mtimeMs >= newest)
}

/** Builds the package where that is not so. */
export function build() {
  if (isBuilt()) return
  console.error('isopix: building…')
  run(process.execPath, [join(root, 'scripts/build.mjs')])
}

/** Runs a program whose output goes to stderr, and ends this one where it fails. */
function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (error !== undefined) console.error(`isopix: ${program} does not start: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

/** Whether every package is there in the version of package-lock.json. */
export function isInstalled() {
  const { packages: wanted } = readJson('package-lock.json')
  const found = readJson('node_modules/.package-lock.json')?.packages
  if (found === undefined) return false
  // Packages for other systems are optional, and are left out by npm.
  const mayMiss = ({ optional, devOptional }) => optional || devOptional
  const isThere = (path, entry) => (found[path] === undefined ? mayMiss(entry) : found[path].version === entry.version)
  return Object.entries(wanted).every(([path, entry]) => path === '' || isThere(path, entry))
}

function readJson(file) {
  const path = join(root, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** When a file, or anything in a folder, was changed last. */
function changedAt(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return Math.max(mtimeMs, ...readdirSync(path).filter((name) => name !== 'generated').map((name) => changedAt(join(path, name))))
}
