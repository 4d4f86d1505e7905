// The laws in runtimes that are no browsers. Deno brings another WebGPU, wgpu, which compiles shaders by itself, and runs it on two drivers.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, test } from 'vitest'
import { root } from '../../scripts/setup.mjs'
import { bundle } from '../helpers/bundle.js'
import { missingGpu } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { leftOut } from '../helpers/left-out.js'
import { EVERYTHING, makeCases, only } from './cases.js'
import type { Case, Group, Report, Rung } from './laws.js'
import { Recorder } from './record.js'

const run = promisify(execFile)
const BIN = join(root, 'node_modules/.bin')
const DRIVERS = '/usr/share/vulkan/icd.d'
const LLVMPIPE = existsSync(DRIVERS) ? readdirSync(DRIVERS).find((file) => file.startsWith('lvp_icd')) : undefined

interface Test {
  readonly rung: Rung
  /** What is said of it besides. */
  readonly on?: string
  readonly groups: readonly Group[]
  readonly env?: NodeJS.ProcessEnv
  /** Why it cannot be tested here. */
  readonly missing?: string | undefined
}

/** Outside of browsers memory can always be shared, so that transfer has to be asked for. */
const WASM: readonly Test[] = (['reference', 'shared', 'transfer', 'inline'] as const).map((rung) => ({ rung, groups: EVERYTHING }))
const noGpu = await missingGpu()

const RUNTIMES: readonly { readonly name: string; readonly program: string; readonly options: readonly string[]; readonly tests: readonly Test[] }[] = [
  { name: 'Node', program: process.execPath, options: [], tests: [...WASM, { rung: 'webgpu', groups: ['golden'], missing: noGpu }] },
  {
    name: 'Deno',
    program: join(BIN, 'deno'),
    options: ['run', '--allow-all', '--no-remote'],
    tests: [
      ...WASM,
      { rung: 'webgpu', groups: EVERYTHING, missing: noGpu },
      {
        rung: 'webgpu',
        on: ' on llvmpipe',
        groups: ['golden'],
        // Half of what its vectors are elsewhere: it compiles three times as fast, and here nothing else takes time.
        env: { VK_ICD_FILENAMES: join(DRIVERS, LLVMPIPE ?? ''), LP_NATIVE_VECTOR_WIDTH: '128' },
        missing: LLVMPIPE === undefined ? leftOut('llvmpipe', "it is in Debian's package mesa-vulkan-drivers, which is not installed") : undefined,
      },
    ],
  },
  { name: 'Bun', program: join(BIN, 'bun'), options: [], tests: WASM },
]

// Inside of this repository, so that Node finds the package "webgpu".
const folder = join(root, 'build/laws')
const script = join(folder, 'laws.mjs')
const data = temporaryFolder()
let cases: readonly Case[]

beforeAll(async () => {
  cases = await makeCases()
  mkdirSync(folder, { recursive: true })
  const entry = `import { main } from ${JSON.stringify(join(import.meta.dirname, 'laws.process.ts'))}\nimport process from 'node:process'\nawait main(...process.argv.slice(2))`
  writeFileSync(script, await bundle(entry, 'node'))
})

describe.each(RUNTIMES.map((runtime) => [runtime.name, runtime] as const))('in %s', (name, { program, options, tests }) => {
  let version: string
  const recorder = new Recorder(name.toLowerCase(), tests.length, () => `${name} ${version}`)

  beforeAll(async () => {
    const { stdout } = await run(program, ['--version'])
    version = (/\d+\.\d+\.\d+/.exec(stdout) as RegExpExecArray)[0]
  })

  for (const { rung, on = '', groups, env = {}, missing } of tests) {
    test.skipIf(missing !== undefined)(`${rung}${on} gives the bytes of the reference${missing === undefined ? '' : ` (left out: ${missing})`}`, async () => {
      const file = join(data, `${groups.join('-')}.json`)
      writeFileSync(file, JSON.stringify(only(cases, groups)))
      const asked = rung === 'transfer' ? [rung] : []
      const { stdout } = await run(program, [...options, script, file, rung, ...asked], { env: { ...process.env, ...env } })
      recorder.check('process', JSON.parse(stdout) as Report)
    }, 300_000)
  }
})
