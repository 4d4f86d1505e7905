// Bundles a TypeScript program of this repository and runs it: node scripts/run.mjs FILE [arguments]
import { execFileSync, spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { install, root } from './setup.mjs'

process.chdir(root)
const [file, ...rest] = process.argv.slice(2)
install()
execFileSync(process.execPath, ['scripts/build.mjs', '--generated'], { stdio: 'inherit' })
const { build } = await import('esbuild')
const outfile = `build/${basename(file, '.ts')}.mjs`
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  conditions: ['isopix-source'],
  logLevel: 'warning',
})
const { status } = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' })
process.exit(status ?? 1)
