// The dispatcher, with graphics cards that are simulated: what it chooses takes hardly longer than the best choice.
import { beforeAll, expect, test } from 'vitest'
import { openCounter } from '../../bench/gpu/counts.js'
import { PROFILES, type PassCosts, type Profile, callMs } from '../../bench/gpu/profiles.js'
import { pictureOf } from '../../bench/pictures.js'
import { type Cell, regretsOf } from '../../bench/regret.js'
import { geometricMean } from '../../bench/report/text.js'
import { workloads } from '../../bench/workloads.js'
import { type Workload, predictMs, workloadOf } from '../../src/choose.js'
import { Costs } from '../../src/costs.js'

const THREADS = 4
/** What is counted; other sizes are so many times as large. */
const [WIDTH, HEIGHT] = [480, 270]
const FACTORS = { '60 x 34': 1 / 64, '240 x 135': 1 / 4, '960 x 540': 4, '1920 x 1080': 16, '3840 x 2160': 64 }
const PROBE_FACTORS = [1 / 128, 2]

interface Counted {
  readonly name: string
  readonly workload: Workload
  readonly passes: readonly PassCosts[]
  readonly moved: number
}

const counted: Counted[] = []

beforeAll(async () => {
  const counter = openCounter()
  const steps = workloads({ width: WIDTH, height: HEIGHT })
  for (const { name, steps: own, channels } of steps) {
    const { second } = await counter.count(pictureOf(WIDTH, HEIGHT, channels), own)
    const workload = workloadOf(own, { width: WIDTH, height: HEIGHT, channels, format: 'u8' })
    counted.push({ name, workload, passes: second.passes, moved: second.bytesUploaded + second.bytesCopied })
  }
}, 120_000)

/** A processor that is as the costs say, and the GPU. */
function cellOf(profile: Profile, size: string, factor: number, { name, workload: { work, bytes, stages }, passes, moved }: Counted): Cell {
  const workload = { work: work * factor, bytes: bytes * factor, stages }
  const scaled = passes.map((pass) => ({ ...pass, threads: pass.threads * factor, bytesRead: pass.bytesRead * factor, bytesWritten: pass.bytesWritten * factor }))
  return { name, size, workload, wasmMs: predictMs(new Costs(THREADS).of('wasm'), workload), gpuMs: callMs(profile, scaled, moved * factor) }
}

test.each(PROFILES)('beside $name', (profile) => {
  const cells = Object.entries(FACTORS).flatMap(([size, factor]) => counted.map((one) => cellOf(profile, size, factor, one)))
  const probes = new Map(counted.map((one) => [one.name, PROBE_FACTORS.map((factor) => cellOf(profile, 'probe', factor, one))]))
  const regrets = regretsOf(cells, probes, THREADS)
  expect(new Set(regrets.map(({ best }) => best)).size, 'neither is always the best').toBe(2)
  const worst = regrets.reduce((a, b) => (b.regret > a.regret ? b : a))
  expect(geometricMean(regrets.map(({ regret }) => regret))).toBeLessThan(1.05)
  expect(worst.regret, `${worst.name}, ${worst.size}: ${worst.chosen} instead of ${worst.best}`).toBeLessThan(1.4)
})
