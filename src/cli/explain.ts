// `--explain`: what would run, where and why.
import type { Explanation } from '../engine.js'
import type { Step } from '../filters/define.js'
import type { RunOptions } from './arguments.js'
import type { Report } from './report.js'
import { durationText, plural, sizeText, stepText, table } from './text.js'

export interface Explained {
  readonly input: string
  readonly output: string | undefined
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** What a file is, what becomes of it, and what every backend would do and take. */
export function printExplanation(
  { input, output, width, height, channels }: Explained,
  steps: readonly Step[],
  found: Explanation,
  asked: RunOptions['backend'],
  report: Report,
): void {
  const choice = asked === 'auto' ? { backend: found.backend, reason: found.reason } : { backend: asked, reason: 'asked for' }
  const passes = { wasm: found.wasm, webgpu: found.webgpu, reference: steps.map(({ filter }) => [filter.name]) }
  const rows = found.predictions.map(({ backend, predictedMs, reason }) => [
    backend,
    predictedMs === undefined ? '-' : `about ${durationText(predictedMs)}`,
    predictedMs === undefined ? 'does not run here' : plural(passes[backend].length, 'pass'),
    predictedMs === undefined ? (reason ?? '') : passes[backend].map((pass) => pass.join(' + ')).join(', then '),
  ])
  const text = [
    `${input}, ${sizeText(width, height, channels)}`,
    table(
      [
        ['steps', steps.map(stepText).join(' ') || 'none'],
        ['result', `${sizeText(found.width, found.height, found.channels)}${output === undefined ? '' : ` in ${output}`}`],
        ['backend', `${choice.backend} (${choice.reason})`],
      ],
      '  ',
    ),
    table(rows, '    '),
  ].join('\n')
  report.result(text, { input, ...(output === undefined ? {} : { output }), steps, ...found, ...choice })
}
