// What the command line prints: lines for people, or with --json one JSON document a line on stdout.
import { IsopixError } from '../errors.js'

export class Report {
  /** For machines. */
  readonly json: boolean

  constructor(json: boolean) {
    this.json = json
  }

  /** A result: `text` for people, `data` for machines. */
  result(text: string, data: object): void {
    console.log(this.json ? JSON.stringify(data) : text)
  }

  /** Something for people only, on stdout. */
  text(text: string): void {
    if (!this.json) console.log(text)
  }

  /** Something that people should know although nothing failed; machines find it in the result. */
  note(text: string): void {
    if (!this.json) console.error(`isopix: ${text}`)
  }

  /** @param about What the error concerns, for machines. */
  error(error: unknown, about: object = {}): void {
    const { code, message } = describe(error)
    if (this.json) console.log(JSON.stringify({ ...about, error: { code, message } }))
    else console.error(`isopix: ${message}`)
  }
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof IsopixError) return { code: error.code, message: error.message.replace(/\s*\n\s*/g, ' ') }
  return { code: 'ERR_INTERNAL', message: `internal error: ${error instanceof Error ? error.stack : String(error)}` }
}
