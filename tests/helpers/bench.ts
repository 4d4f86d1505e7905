// Benchmarks as programs of their own, as scripts/run.mjs makes them.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { bundle } from '../../scripts/bundle.mjs'

/** Bundles a program of bench/ and runs it to its end. */
export async function runBench(file: string, args: readonly string[]): Promise<SpawnSyncReturns<string>> {
  const outfile = await bundle(file, `build/${basename(file, '.ts')}-test.mjs`)
  return spawnSync(process.execPath, [outfile, ...args], { encoding: 'utf8' })
}
