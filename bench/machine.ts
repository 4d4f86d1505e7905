import { cpus, release, totalmem } from 'node:os'

/** What was measured on. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly date: string
  /** What was run. */
  readonly command: string
}

export const describeMachine = (args: readonly string[], command = 'bench'): Machine => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()}, ${process.arch}`,
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
  command: [`npm run ${command}`, ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
})
