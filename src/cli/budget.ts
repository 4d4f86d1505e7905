/** Something of which there is only so much. Who wants some waits until there is enough, first come first served. */
export class Budget {
  readonly #total: number
  #free: number
  readonly #queue: { readonly amount: number; readonly start: () => void }[] = []

  constructor(total: number) {
    this.#total = total
    this.#free = total
  }

  /** Resolves to a function that gives it back. Who wants more than all waits for all. */
  take(wanted: number): Promise<() => void> {
    const amount = Math.min(wanted, this.#total)
    const give = (): void => {
      this.#free += amount
      this.#serve()
    }
    return new Promise((resolve) => {
      this.#queue.push({ amount, start: () => resolve(give) })
      this.#serve()
    })
  }

  #serve(): void {
    for (let next = this.#queue[0]; next !== undefined && next.amount <= this.#free; next = this.#queue[0]) {
      this.#queue.shift()
      this.#free -= next.amount
      next.start()
    }
  }
}
