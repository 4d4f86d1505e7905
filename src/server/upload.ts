// Reads a request's body: a picture, or a form with a picture and steps.
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type {} from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { InvalidArgumentError, IsopixError } from '../errors.js'
import type { Step } from '../filters/define.js'
import { parseSteps } from '../parse-steps.js'
import { PICTURE_TYPES } from './formats.js'
import { type Limits, MAX_STEPS_BYTES, checkCount } from './limits.js'
import { Refusal } from './problems.js'

export interface Upload {
  readonly picture: Body
  /** Undefined where the body has none. */
  readonly steps: readonly Step[] | undefined
}

export interface Body {
  readonly bytes: Buffer
  /** SHA-256, made while the bytes came in: a large body does not hold others up. */
  readonly digest: string
}

const RAW_TYPES = [...PICTURE_TYPES, 'application/octet-stream']
const FORM_TYPE = 'multipart/form-data'
/** What a form may take besides what its parts hold: boundaries and headers. */
const FORM_BYTES = 8192

/** @throws Refusal, at once where the headers tell already. */
export async function readUpload(request: FastifyRequest, limits: Limits): Promise<Upload> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new Refusal('ERR_MEDIA_TYPE', `expected a body that is not compressed, got the content-encoding "${encoding}"`)
  const isForm = type === FORM_TYPE
  if (!isForm && !RAW_TYPES.includes(type)) {
    const got = type === '' ? 'none' : `"${type}"`
    throw new Refusal('ERR_MEDIA_TYPE', `expected the content-type ${[...RAW_TYPES, FORM_TYPE].join(', ')}, got ${got}`)
  }
  const { maxBytes } = limits
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > (isForm ? maxBytes + MAX_STEPS_BYTES + FORM_BYTES : maxBytes)) throw tooLong('the body', maxBytes)
  return isForm ? readForm(request, limits) : { picture: await readAll(request.raw, 'the body', maxBytes), steps: undefined }
}

async function readForm(request: FastifyRequest, limits: Limits): Promise<Upload> {
  try {
    return await readParts(request, limits)
  } catch (error) {
    // The parser's errors are plain ones.
    if (error instanceof IsopixError) throw error
    throw new Refusal('ERR_BAD_REQUEST', `the form cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

async function readParts(request: FastifyRequest, limits: Limits): Promise<Upload> {
  let picture: Body | undefined
  let steps: readonly Step[] | undefined
  // Every part is read as a stream, whether the client calls it a file or not.
  const parts = request.parts({
    isPartAFile: () => true,
    limits: { files: 2, parts: 2, fields: 0, headerPairs: 16, fieldNameSize: 64, fileSize: Number.POSITIVE_INFINITY },
  })
  for await (const part of parts) {
    if (part.type !== 'file') continue
    const { fieldname: name, file } = part
    if (name === 'image' && picture === undefined) picture = await readAll(file, 'the part "image"', limits.maxBytes)
    else if (name === 'steps' && steps === undefined) steps = readSteps(await readAll(file, 'the part "steps"', MAX_STEPS_BYTES), limits)
    else {
      file.resume()
      const what = name === 'image' || name === 'steps' ? `two parts "${name}"` : `a part ${JSON.stringify(name)}`
      throw new Refusal('ERR_BAD_REQUEST', `expected a part "image" and a part "steps", got ${what}`)
    }
  }
  if (picture === undefined) throw new Refusal('ERR_BAD_REQUEST', 'the form has no part "image"')
  return { picture, steps }
}

function readSteps({ bytes }: Body, limits: Limits): Step[] {
  let list: unknown
  try {
    list = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new InvalidArgumentError(`the steps are not JSON: ${(error as Error).message}`, { cause: error })
  }
  if (Array.isArray(list)) checkCount(list.length, limits)
  return parseSteps(list)
}

/**
 * Everything that a stream has, or a refusal as soon as that is too much. A stream that is given up goes on to flow:
 * destroying it would close the connection before the answer.
 */
function readAll(stream: Readable, what: string, maxBytes: number): Promise<Body> {
  const hash = createHash('sha256')
  let chunks: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      stream.off('data', take)
      stream.resume()
      chunks = []
      reject(error)
    }
    const take = (chunk: Buffer): void => {
      length += chunk.length
      if (length > maxBytes) return fail(tooLong(what, maxBytes))
      hash.update(chunk)
      chunks.push(chunk)
    }
    stream.on('data', take)
    stream.once('error', fail)
    stream.once('end', () => resolve({ bytes: Buffer.concat(chunks), digest: hash.digest('hex') }))
  })
}

const tooLong = (what: string, maxBytes: number): Refusal => new Refusal('ERR_TOO_LARGE', `${what} is longer than ${maxBytes} bytes`)
