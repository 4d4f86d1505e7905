// What the README promises first: a photograph goes through four filters, and the file is the same from every backend.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { photograph } from '../../bench/photograph.js'
import { gaussianBlur, luminance, sobel, threshold } from '../../src/index.js'
import { referenceBackend } from '../../src/backends/reference.js'
import { isopix, missingGpu } from '../helpers/command.js'
import { temporaryFolder } from '../helpers/folder.js'
import { difference } from '../helpers/compare.js'
import type { Image } from '../../src/image.js'
import { makeImage } from '../helpers/images.js'
import { readBytes, readPicture, writePicture } from '../helpers/pictures.js'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const JOB = ['luminance', 'gaussian-blur:sigma=2', 'sobel', 'threshold:value=40']
const photo = withoutAlpha(photograph(523, 347))
let noGpu: string | undefined

beforeAll(async () => {
  noGpu = await missingGpu()
  await writePicture(photo, at('photo.png'))
  await writePicture(makeImage(131, 67, 4), at('clear.png'))
})

test('the edges of a photograph are the same file from every backend, and from any number of threads', async (context) => {
  const runs = [
    ['reference'],
    ['wasm'],
    ['wasm', '--threads', '0'],
    ['wasm', '--threads', '3'],
    ['auto'],
    ...(noGpu === undefined ? [['webgpu']] : []),
  ]
  const files = runs.map((options) => `edges-${options.join('')}.png`)
  for (const [index, options] of runs.entries()) {
    const { code, stdout, stderr } = await isopix(folder, ['photo.png', '-o', files[index] as string, '--backend', ...options, '--json', ...JOB])
    expect(code, stderr).toBe(0)
    const { run } = JSON.parse(stdout) as { run: { backend: string } }
    expect(run.backend).toBe(options[0] === 'auto' ? 'wasm' : options[0])
  }
  const { image } = await referenceBackend.run({ image: photo, steps: [luminance(), gaussianBlur({ sigma: 2 }), sobel(), threshold({ value: 40 })] })
  const written = await readPicture(at(files[0] as string))
  expect(written.channels, 'one channel is written as grey').toBe(1)
  expect(difference(written, image)).toBeUndefined()
  for (const file of files) expect(readBytes(at(file)), file).toBe(readBytes(at(files[0] as string)))
  if (noGpu !== undefined) context.annotate(`webgpu is not tested: ${noGpu}`)
})

test('transparency goes through every backend alike', async () => {
  const backends = ['reference', 'wasm', ...(noGpu === undefined ? ['webgpu'] : [])]
  for (const backend of backends) {
    const { code, stderr } = await isopix(folder, ['clear.png', '-o', `clear-${backend}.png`, '--backend', backend, 'gaussian-blur:sigma=3', 'sepia'])
    expect(code, stderr).toBe(0)
  }
  expect((await readPicture(at('clear-wasm.png'))).channels).toBe(4)
  for (const backend of backends) expect(readBytes(at(`clear-${backend}.png`)), backend).toBe(readBytes(at('clear-reference.png')))
})

test('many files at once come out in order, and each is what it is alone', async () => {
  const inputs = Array.from({ length: 9 }, (_, i) => `many${i}.png`)
  for (const [i, input] of inputs.entries()) await writePicture(makeImage(90 + 7 * i, 40 + i, i % 2 === 0 ? 3 : 4, 'noise', i + 1), at(input))
  const backends = noGpu === undefined ? ['wasm', 'webgpu'] : ['wasm']
  for (const backend of backends) {
    const { code, stdout, stderr } = await isopix(folder, [...inputs, '-o', `many-${backend}/`, '--backend', backend, '--json', 'gaussian-blur:sigma=2', 'equalize'])
    expect(code, stderr).toBe(0)
    expect(stdout.trim().split('\n').map((line) => (JSON.parse(line) as { input: string }).input)).toEqual(inputs)
  }
  for (const input of inputs) {
    expect((await isopix(folder, [input, '-o', `alone-${input}`, '--backend', 'reference', 'gaussian-blur:sigma=2', 'equalize'])).code).toBe(0)
    for (const backend of backends) expect(readBytes(at(`many-${backend}/${input}`)), `${backend} ${input}`).toBe(readBytes(at(`alone-${input}`)))
  }
})

test('steps from a file run before those on the line', async () => {
  writeFileSync(at('steps.json'), '\uFEFF["luminance", { "filter": "gaussian-blur", "sigma": 2 }]')
  const { code, stderr } = await isopix(folder, ['photo.png', '-o', 'from-file.png', '--steps', 'steps.json', 'sobel', 'threshold:value=40'])
  expect(code, stderr).toBe(0)
  expect(readBytes(at('from-file.png'))).toBe(readBytes(at('edges-reference.png')))
})

function withoutAlpha({ width, height, data }: Image): Image {
  return { width, height, channels: 3, data: data.filter((_, index) => index % 4 !== 3) }
}
