// A look at every file before the first is filtered.
import { StepError } from '../errors.js'
import type { Step } from '../filters/define.js'
import { shapesOf } from '../plan.js'
import { type Codec, type Header, withFile } from './files.js'
import type { Bar } from './progress.js'
import type { Failure, Report } from './report.js'

export interface InspectTools {
  readonly codec: Codec
  readonly bar: Bar
  readonly report: Report
}

/**
 * The files that can be read and that the steps fit. The others go to the report.
 * @throws StepError where the steps fit none of the files that can be read: then it is the steps that are wrong.
 */
export async function inspectAll<T extends { readonly input: string }>(
  files: readonly T[],
  steps: readonly Step[],
  { codec, bar, report }: InspectTools,
): Promise<(T & Header)[]> {
  const good: (T & Header)[] = []
  const failures: Failure[] = []
  for (const [index, file] of files.entries()) {
    const { input } = file
    bar.show(index / files.length, `looking at ${index + 1}/${files.length} files`)
    try {
      const header = await codec.inspect(input)
      checkSteps(input, steps, header, files.length > 1)
      good.push({ ...header, ...file })
    } catch (error) {
      failures.push({ input, error })
    }
  }
  bar.hide()
  const misfit = failures.find(({ error }) => error instanceof StepError)
  if (misfit !== undefined && good.length === 0) throw misfit.error
  for (const failure of failures) report.fail(failure)
  return good
}

function checkSteps(input: string, steps: readonly Step[], { width, height, channels }: Header, several: boolean): void {
  try {
    shapesOf(steps, { width, height, channels, format: 'u8' })
  } catch (error) {
    throw several ? withFile(error, input) : error
  }
}
