// `isopix` alone: a picture to look at, without a picture at hand.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../engine.js'
import { FileError } from '../errors.js'
import type { Image } from '../image.js'
import { parseStepText } from '../parse-steps.js'
import type { RunOptions } from './arguments.js'
import { Draft, reasonOf } from './drafts.js'
import { Codec } from './files.js'
import type { Report } from './report.js'
import { samplePicture } from './sample-picture.js'
import { durationText, plural, sizeText } from './text.js'

const FOLDER = 'isopix-sample'
const CHAINS: readonly (readonly [file: string, steps: string])[] = [
  ['edges.png', 'luminance gaussian-blur:sigma=2 sobel threshold:value=40'],
  ['sharp.png', 'unsharp-mask:sigma=2,amount=1.5'],
  ['dream.png', 'gaussian-blur:sigma=12 brightness:amount=1.15'],
  ['sepia.png', 'sepia brightness:amount=0.9'],
  ['equalized.png', 'equalize'],
  ['poster.png', 'saturate:amount=1.6 posterize:levels=5'],
  ['negative.png', 'luminance invert'],
]

export async function runSample({ backend, threads }: RunOptions, report: Report): Promise<void> {
  const codec = await Codec.load()
  try {
    mkdirSync(FOLDER, { recursive: true })
  } catch (error) {
    throw new FileError(`${FOLDER}: the folder ${reasonOf(error)}`, { cause: error })
  }
  const write = async (image: Image, path: string): Promise<void> => {
    const draft = new Draft(path)
    try {
      await draft.commit(await codec.encode(image, path))
    } finally {
      draft.discard()
    }
  }
  const picture = samplePicture()
  const original = join(FOLDER, 'picture.png')
  await write(picture, original)
  report.text(`${original}  ${sizeText(picture.width, picture.height, picture.channels)}, a sample picture\n`)

  const engine = await createEngine({ backend, threads })
  try {
    for (const [file, text] of CHAINS) {
      const output = join(FOLDER, file)
      const steps = text.split(' ').map(parseStepText)
      const { run, ...image } = await engine.apply(picture, steps)
      await write(image, output)
      const { wasm } = engine.capabilities
      const where = run.backend === 'wasm' && wasm.available ? `wasm on ${wasm.name}` : run.backend
      const lines = [
        `${output}  ${text}`,
        `  ran on   ${where}`,
        `  because  ${run.reason}`,
        `  took     ${durationText(run.milliseconds)}, ${plural(run.passes, 'pass')}\n`,
      ]
      const { width, height, channels } = image
      report.result(lines.join('\n'), { output, width, height, channels, steps, run })
    }
  } finally {
    await engine.close()
  }
  // By npm start in a clone the command has no name of its own yet.
  const command = process.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'isopix'
  report.text(`Now with a picture of yours: ${command} photo.jpg -o edges.png ${CHAINS[0]?.[1]}`)
}
