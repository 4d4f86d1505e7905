/** Bundles a TypeScript program of this repository for Node; returns where it is. Packages have to be installed. */
export async function bundle(file, outfile) {
  const { build } = await import('esbuild')
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    conditions: ['isopix-source'],
    logLevel: 'warning',
  })
  return outfile
}
