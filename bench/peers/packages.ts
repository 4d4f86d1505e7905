// The peers' packages: bench/peers has a package.json of its own, so that the project's install stays small.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Seen from the root of the repository, where the benchmark runs. */
const FOLDER = 'bench/peers'

/** What a package exports: its types are known only where it is installed. */
export type Untyped = any

/** Imports a package of bench/peers/package.json. */
export async function importPackage<T = Untyped>(name: string): Promise<T> {
  const { default: load } = (await import(pathToFileURL(resolve(FOLDER, 'import.mjs')).href)) as { default: (name: string) => Promise<T> }
  return load(name)
}

/** Its version as installed, or undefined where it is not. */
export function installedVersion(name: string): string | undefined {
  const file = [FOLDER, '.'].map((folder) => `${folder}/node_modules/${name}/package.json`).find((path) => existsSync(path))
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

export const notInstalled = (name: string): string => `${name} is not installed; npm run bench -- --peers all installs the peers into ${FOLDER}`

/** Installs the peers' packages where one is missing. */
export function installPackages(): void {
  const { dependencies } = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')) as { dependencies: Record<string, string> }
  if (Object.entries(dependencies).every(([name, version]) => installedVersion(name) === version)) return
  console.error(`isopix: installing the peers into ${FOLDER}…`)
  const { status } = spawnSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: FOLDER,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`the packages of ${FOLDER} could not be installed`)
}
