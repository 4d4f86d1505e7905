// The command line and programs that use the package, as they are built, in processes of their own.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isBuilt, root } from '../../scripts/setup.mjs'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { leftOut } from './left-out.js'

export const dist = join(root, 'dist')
if (!isBuilt()) throw new Error('dist/ is missing or older than its sources; run: npm run build')

export interface Run {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

interface Options {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
  /** Called with what was printed so far. */
  readonly onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs a script of Node's and waits until it ends. */
export function node(script: string, args: readonly string[], { cwd, env = {}, onOutput }: Options): Promise<Run> {
  const start = performance.now()
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, ...env }, timeout: 100_000 })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
    onOutput?.(stdout, (signal) => child.kill(signal))
  })
  child.stderr.on('data', (text) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr, milliseconds: performance.now() - start }))
  })
}

/** Runs the command line in a folder. */
export const isopix = (cwd: string, args: readonly string[], options: Omit<Options, 'cwd'> = {}): Promise<Run> =>
  node(join(dist, 'cli/main.js'), args, { cwd, ...options })

/** Why there is no GPU to test with, or undefined where there is one. In CI there has to be one. */
export async function missingGpu(): Promise<string | undefined> {
  const gpu = await WebgpuBackend.open()
  if (typeof gpu === 'string') return leftOut('webgpu', gpu)
  await gpu.close()
  return undefined
}
