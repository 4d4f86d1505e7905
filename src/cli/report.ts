// What the command line prints: lines for people, or with --json one JSON document a line on stdout.
import { IsopixError } from '../errors.js'

/** What went wrong with an input. */
export interface Failure {
  readonly input: string
  readonly error: unknown
}

export class Report {
  /** For machines. */
  readonly json: boolean
  /** Inputs that failed so far. */
  readonly failures: Failure[] = []

  constructor(json: boolean) {
    this.json = json
  }

  /** A result: `text` for people, `data` for machines. */
  result(text: string, data: object): void {
    console.log(this.json ? JSON.stringify(data) : text)
  }

  /** Something for people only, on stdout; nothing where there is nothing to say. */
  text(text: string): void {
    if (!this.json && text !== '') console.log(text)
  }

  /** Something for machines only. */
  data(data: object): void {
    if (this.json) console.log(JSON.stringify(data))
  }

  /** Something that people should know although nothing failed; machines find it in the result. */
  note(text: string): void {
    if (!this.json) console.error(`isopix: ${text}`)
  }

  error(error: unknown): void {
    const described = describe(error)
    if (this.json) console.log(JSON.stringify({ error: described }))
    else console.error(`isopix: ${described.message}`)
  }

  /** An input that failed. Machines are told at once, people at the end. */
  fail({ input, error }: Failure): void {
    this.failures.push({ input, error })
    if (this.json) console.log(JSON.stringify({ input, error: describe(error) }))
  }

  /** What failed, one line for each, below a headline. */
  summary(headline: string | undefined): void {
    if (this.json || this.failures.length === 0) return
    if (headline !== undefined) this.note(`${headline}:`)
    for (const { error } of this.failures) this.error(error)
  }
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof IsopixError) return { code: error.code, message: error.message.replace(/\s*\n\s*/g, ' ') }
  return { code: 'ERR_INTERNAL', message: `internal error: ${error instanceof Error ? error.stack : String(error)}` }
}
