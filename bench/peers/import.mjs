// Stays a file of its own when the benchmark is bundled, so that packages are looked for from here: first in this folder.
export default (name) => import(name)
