/**
 * An instance of a global class, or `never` where a project's libraries do not declare it: the public types have to
 * compile without the DOM, and without types of WebGPU.
 */
export type Global<Name extends string> = typeof globalThis extends { readonly [K in Name]: { readonly prototype: infer T } } ? T : never
