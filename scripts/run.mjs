// Bundles a TypeScript program of this repository and runs it: node scripts/run.mjs FILE [arguments]
import { execFileSync, spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { bundle } from './bundle.mjs'
import { install, root } from './setup.mjs'

process.chdir(root)
const [file, ...rest] = process.argv.slice(2)
install()
execFileSync(process.execPath, ['scripts/build.mjs', '--generated'], { stdio: 'inherit' })
const outfile = await bundle(file, `build/${basename(file, '.ts')}.mjs`)
const { status } = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' })
process.exit(status ?? 1)
