// The packages that the server needs and the rest of isopix does not.
import { UnsupportedError } from '../errors.js'

export type Sharp = typeof import('sharp').default

export interface Packages {
  readonly fastify: typeof import('fastify').fastify
  readonly multipart: typeof import('@fastify/multipart').default
  readonly metrics: typeof import('prom-client')
  readonly sharp: Sharp
}

/** @throws UnsupportedError that names the packages which are missing. */
export async function loadPackages(): Promise<Packages> {
  const [fastify, multipart, metrics, sharp] = await Promise.allSettled([
    import('fastify'),
    import('@fastify/multipart'),
    import('prom-client'),
    import('sharp'),
  ])
  const found = { fastify, '@fastify/multipart': multipart, 'prom-client': metrics, sharp }
  const missing = Object.entries(found).flatMap(([name, { status, ...rest }]) =>
    status === 'rejected' ? [{ name, error: (rest as PromiseRejectedResult).reason as NodeJS.ErrnoException }] : [],
  )
  if (missing.length > 0) throw missingError(missing)
  return {
    fastify: valueOf(fastify).fastify,
    multipart: valueOf(multipart).default,
    metrics: valueOf(metrics),
    sharp: valueOf(sharp).default,
  }
}

const valueOf = <T>(settled: PromiseSettledResult<T>): T => (settled as PromiseFulfilledResult<T>).value

function missingError(missing: readonly { readonly name: string; readonly error: NodeJS.ErrnoException }[]): UnsupportedError {
  const broken = missing.find(({ error }) => error.code !== 'ERR_MODULE_NOT_FOUND')
  const names = missing.map(({ name }) => name)
  const message =
    broken === undefined
      ? `the server needs ${names.join(', ')}; run: npm install ${names.join(' ')}`
      : `the server needs the package "${broken.name}", which does not load: ${broken.error.message.split('\n', 1)[0]}`
  return new UnsupportedError(message, { cause: (broken ?? missing[0])?.error })
}
