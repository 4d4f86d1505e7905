// How long each pass takes by the GPU's own clock: npm run bench:gpu-times [-- --filter NAME --size SIZE --rounds N]
import { WebgpuBackend } from '../src/backends/webgpu/backend.js'
import { type GpuDevice, openDevice } from '../src/backends/webgpu/device.js'
import { platform } from '../src/platform/node.js'
import { openCounter } from './gpu/counts.js'
import { timingDevice } from './gpu/timing-device.js'
import { parseCommand } from './options.js'
import { pictureOf } from './pictures.js'
import { digits } from './report/text.js'
import { formatTable } from './report/terminal.js'
import { summarise } from './timing.js'
import { workloads } from './workloads.js'

const { setting } = parseCommand(process.argv.slice(2))
const { width, height, rounds, filters } = setting
const found = await platform.gpu()
const adapter = typeof found === 'string' ? null : await found.requestAdapter({ powerPreference: 'high-performance' })
if (adapter === null) throw new Error(typeof found === 'string' ? found : 'there is no graphics adapter')
if (!adapter.features.has('timestamp-query')) throw new Error(`${adapter.info.description} has no timestamp queries`)
const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
const real = await adapter.requestDevice({ requiredFeatures: ['timestamp-query'], requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } })
const { device, take } = timingDevice(real)
const { name: adapterName, software } = (await openDevice(real)) as GpuDevice
const gpu = new WebgpuBackend({ device, name: adapterName, software, owned: false })
const counter = openCounter({ tiles: !software })

const rows: (readonly (string | number)[])[] = []
for (const { name, steps, channels } of workloads({ width, height })) {
  if (filters !== undefined && !filters.includes(steps[0]?.filter.name as string)) continue
  setting.log(name)
  const image = pictureOf(width, height, channels)
  await gpu.run({ image, steps })
  await take()
  const samples: (readonly number[])[] = []
  for (let round = 0; round < rounds; round++) {
    await gpu.run({ image, steps })
    samples.push(await take())
  }
  const { passes } = (await counter.count(image, steps)).second
  passes.forEach(({ kernels, bytesRead, bytesWritten }, index) => {
    const { median, low, high } = summarise(samples.map((times) => times[index] as number))
    const rate = (bytesRead + bytesWritten) / median / 1e6
    rows.push([index === 0 ? name : '', index + 1, kernels.join(', '), digits(median), `${digits(low)} to ${digits(high)}`, digits(rate)])
  })
}
console.log(
  formatTable({
    title: `Passes on ${adapterName}, ${width} x ${height}, by its own clock`,
    columns: ['steps', 'pass', 'kernels', 'ms', 'quartiles', 'GB/s of its buffers'],
    rows,
  }),
)
real.destroy()
