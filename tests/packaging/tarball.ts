// The package as users get it: packed, and installed into empty folders outside of this repository.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isBuilt, root } from '../../scripts/setup.mjs'
import { temporaryFolder } from '../helpers/folder.js'
import type { Report } from './page.js'

if (!isBuilt()) throw new Error('dist/ is missing or older than its sources; run: npm run build')

/** Where the tools of this repository are: those of the projects that use the package. */
export const tools = join(root, 'node_modules')
const fixtures = join(root, 'tests/packaging/fixtures')

/** What `npm pack` would publish; the path of the tarball. */
export function pack(): string {
  const folder = temporaryFolder()
  // Built already: scripts would build again.
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as [{ filename: string }]
  return join(folder, filename)
}

/** A project with nothing but the package installed, and the files of a fixture. */
export function install(tarball: string, fixture: string): string {
  const folder = realpathSync(temporaryFolder())
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  // The package depends on nothing, so that nothing has to be fetched.
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', tarball)
  cpSync(join(fixtures, fixture), folder, { recursive: true })
  return folder
}

/** An empty folder inside another. */
export function folderIn(folder: string, name: string): string {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  return path
}

function npm(cwd: string, ...args: readonly string[]): string {
  // On Windows npm is a shell script.
  return execFileSync('npm', [...args, '--loglevel=error'], { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
}

/** The hash of the page's picture as Node filters it with the reference. */
export function hashByNode(project: string): string {
  const report = JSON.parse(execFileSync(process.execPath, ['print.js', 'reference'], { cwd: project, encoding: 'utf8' })) as Report
  const { sha256, error } = report.runs['reference'] as Report['runs'][string]
  if (sha256 === undefined) throw new Error(error)
  return sha256
}
