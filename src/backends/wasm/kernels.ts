import { kernelsBase64, MEMORY_FLAGS_AT } from '../../generated/kernels.js'

/** Flags of an imported memory: with a maximum, and shared or not. */
const SHARED = 3
const OWN = 1

const compiled = new Map<string, Promise<WebAssembly.Module>>()

/**
 * The kernels, compiled once for each kind of memory: what is imported has to be just as the module says.
 * @param url Where the file is, for pages that do not want it inside their scripts.
 */
export function kernelsModule(shared: boolean, url?: string | URL): Promise<WebAssembly.Module> {
  const key = `${shared} ${url ?? ''}`
  let module = compiled.get(key)
  if (module === undefined) {
    module = compile(shared, url)
    compiled.set(key, module)
    // What failed may be tried again.
    module.catch(() => compiled.delete(key))
  }
  return module
}

async function compile(shared: boolean, url?: string | URL): Promise<WebAssembly.Module> {
  const bytes = url === undefined ? await kernelsWasm() : await fetchBytes(url)
  bytes[MEMORY_FLAGS_AT] = shared ? SHARED : OWN
  return WebAssembly.compile(bytes)
}

/** The bytes of the kernels that are part of this package, for a shared memory. */
export async function kernelsWasm(): Promise<Uint8Array<ArrayBuffer>> {
  const deflated = Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0))
  const inflated = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(inflated).arrayBuffer())
}

async function fetchBytes(url: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${String(url)} answered ${response.status} ${response.statusText}`)
  return new Uint8Array(await response.arrayBuffer())
}
