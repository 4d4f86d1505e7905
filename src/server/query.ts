// What stands behind the question mark of a request.
import { nearest } from '../errors.js'
import type { Step } from '../filters/define.js'
import { parseStepText } from '../parse-steps.js'
import { FORMATS, FORMAT_NAMES, type Format } from './formats.js'
import { type Limits, checkCount } from './limits.js'
import { Refusal } from './problems.js'

export interface Query {
  /** Undefined where none is given: then the body has to have them. */
  readonly steps: readonly Step[] | undefined
  readonly format: Format | undefined
  readonly quality: number | undefined
}

const KEYS = ['step', 'format', 'quality']
const MAX_QUALITY = 100

/** @throws Refusal or InvalidArgumentError that names what is wrong. */
export function readQuery(query: Readonly<Record<string, string | readonly string[]>>, limits: Limits): Query {
  for (const key of Object.keys(query)) {
    if (KEYS.includes(key)) continue
    const near = nearest(key, KEYS)
    throw invalid(`unknown parameter "${key}"${near === undefined ? '' : ` (did you mean "${near}"?)`}; expected ${KEYS.join(', ')}`)
  }
  const { step, format, quality } = query
  return {
    steps: step === undefined ? undefined : readSteps(typeof step === 'string' ? [step] : step, limits),
    format: format === undefined ? undefined : readFormat(single('format', format)),
    quality: quality === undefined ? undefined : readQuality(single('quality', quality)),
  }
}

function readSteps(texts: readonly string[], limits: Limits): Step[] {
  checkCount(texts.length, limits)
  return texts.map(parseStepText)
}

function readFormat(text: string): Format {
  const name = text === 'jpg' ? 'jpeg' : text
  const format = FORMAT_NAMES.find((candidate) => candidate === name)
  if (format === undefined) throw invalid(`expected format to be one of ${FORMAT_NAMES.join(', ')}, got "${text}"`)
  return format
}

function readQuality(text: string): number {
  const quality = Number(text)
  if (/^\d+$/.test(text) && quality >= 1 && quality <= MAX_QUALITY) return quality
  throw invalid(`expected quality to be a whole number from 1 to ${MAX_QUALITY}, got "${text}"`)
}

/** A quality that would be ignored is a mistake. */
export function checkQuality(quality: number | undefined, format: Format): void {
  if (quality === undefined || FORMATS[format].hasQuality) return
  const able = FORMAT_NAMES.filter((name) => FORMATS[name].hasQuality)
  throw invalid(`${format} has no quality, only ${able.join(', ')} do; add format=…, or leave quality out`)
}

function single(key: string, value: string | readonly string[]): string {
  if (typeof value === 'string') return value
  throw invalid(`${key} is given ${value.length} times`)
}

const invalid = (message: string): Refusal => new Refusal('ERR_INVALID_ARGUMENT', message)
