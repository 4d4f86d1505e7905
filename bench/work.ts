// What the stages' `work` figures should be: what a pixel costs on one thread of wasm, beside a look-up table. npm run bench:work
import { type Step, createEngine, lut } from '../src/index.js'
import { workloadOf } from '../src/choose.js'
import { filters } from '../src/filters/index.js'
import { compile } from '../src/plan.js'
import { CHAINS } from './chains.js'
import { pictureOf } from './pictures.js'
import { formatTable } from './report/terminal.js'
import { stepsToTime } from './steps.js'

const [WIDTH, HEIGHT] = [1920, 1080]
const ROUNDS = 5

// The processor's time of this process, which a busy machine does not stretch.
const engine = await createEngine({ threads: 0, gpu: false })
const image = pictureOf(WIDTH, HEIGHT, 4)
const resident = engine.createImage(WIDTH, HEIGHT, 4)
resident.data.set(image.data)

async function millisecondsOf(steps: Parameters<typeof engine.apply>[1]): Promise<number> {
  const { width, height, channels } = await engine.explain(image, steps)
  using into = engine.createImage(width, height, channels)
  // The first calls of a kernel are run by a compiler that is in a hurry.
  for (let round = 0; round < ROUNDS; round++) await engine.apply(resident, steps, { into })
  const samples: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    await engine.apply(resident, steps, { into })
    const { user, system } = process.cpuUsage(before)
    samples.push((user + system) / 1000)
  }
  return samples.sort((a, b) => a - b)[ROUNDS >> 1] as number
}

/** What the stages say, for a pixel. */
function workOf(steps: readonly Step[]): number {
  return workloadOf(steps, { width: WIDTH, height: HEIGHT, channels: 4, format: 'u8' }).work / (WIDTH * HEIGHT)
}

// No line: lines are arithmetic.
const curve = Array.from({ length: 256 }, (_, level) => Math.round(255 * (level / 255) ** 0.6))
const table = [lut({ table: curve })]
const unit = (await millisecondsOf(table)) / workOf(table)
const rows: (readonly (string | number)[])[] = []
for (const { name, steps } of [...filters.flatMap((definition) => stepsToTime(definition, WIDTH, HEIGHT)), ...CHAINS]) {
  // What runs is the plan of an opaque image.
  const plan = compile(steps, { width: WIDTH, height: HEIGHT, channels: 4, format: 'u8' }, true)
  if (plan.nodes.length === 1) continue
  const milliseconds = await millisecondsOf(steps)
  const [said, measured] = [workOf(steps), milliseconds / unit]
  rows.push([name, said.toFixed(2), measured.toFixed(2), (measured / said).toFixed(2), plan.nodes.slice(1).map(({ stage }) => stage.kernel).join(', ')])
}
console.log(
  formatTable({
    title: `Work of a pixel of ${WIDTH} x ${HEIGHT}, opaque, where 1 is ${unit.toFixed(2)} ms: what a look-up table says it is`,
    columns: ['steps', 'stages say', 'measured', 'measured / said', 'kernels'],
    rows,
  }),
)
await engine.close()
