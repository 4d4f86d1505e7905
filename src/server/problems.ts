// Errors as answers: problem details (RFC 9457) with a stable code.
import { STATUS_CODES } from 'node:http'
import { IsopixError } from '../errors.js'

/** What can be wrong with a request, by code, and the status that says so. */
export const STATUS = {
  ERR_BAD_REQUEST: 400,
  ERR_NOT_FOUND: 404,
  ERR_METHOD: 405,
  ERR_NOT_ACCEPTABLE: 406,
  ERR_SLOW: 408,
  ERR_TOO_LARGE: 413,
  ERR_MEDIA_TYPE: 415,
  ERR_INVALID_ARGUMENT: 422,
  ERR_STEP: 422,
  ERR_FILE: 422,
  ERR_LIMIT: 422,
  ERR_INTERNAL: 500,
  ERR_BUSY: 503,
  ERR_TIMEOUT: 503,
} as const

export type Code = keyof typeof STATUS

/** A request that is not done, and what the answer says besides. */
export class Refusal extends IsopixError {
  override readonly name = 'Refusal'
  readonly code: Code
  readonly headers: Readonly<Record<string, string>>

  constructor(code: Code, message: string, options: { readonly headers?: Record<string, string>; readonly cause?: unknown } = {}) {
    super(message, options)
    this.code = code
    this.headers = options.headers ?? {}
  }
}

export const PROBLEM_TYPE = 'application/problem+json'

export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: Code
  readonly detail: string
}

/** The answer to a request that failed. What is not the client's doing is not shown to it. */
export function problemOf(error: unknown): Problem {
  const code = codeOf(error)
  const status = STATUS[code]
  const detail = code === 'ERR_INTERNAL' ? 'the server failed; its log says how' : (error as Error).message
  return { type: 'about:blank', title: STATUS_CODES[status] as string, status, code, detail }
}

function codeOf(error: unknown): Code {
  if (error instanceof IsopixError) return error.code in STATUS ? (error.code as Code) : 'ERR_INTERNAL'
  // Fastify's own errors, and its plugins', carry a status.
  const { statusCode } = error as { statusCode?: unknown }
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return 'ERR_INTERNAL'
  const known = (Object.keys(STATUS) as Code[]).find((code) => STATUS[code] === statusCode)
  return known ?? 'ERR_BAD_REQUEST'
}
