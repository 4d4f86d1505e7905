// Work waits for what it needs, first come first served.
import { expect, test } from 'vitest'
import { Budget } from '../../src/cli/budget.js'

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await null
}

function ask(budget: Budget, amounts: readonly number[]): { got: number[]; back: Map<number, () => void> } {
  const got: number[] = []
  const back = new Map<number, () => void>()
  for (const [index, amount] of amounts.entries()) {
    void budget.take(amount).then((give) => {
      got.push(index)
      back.set(index, give)
    })
  }
  return { got, back }
}

test('nobody passes who came first, even who would fit', async () => {
  const { got, back } = ask(new Budget(10), [6, 6, 2, 3])
  await turns()
  expect(got).toEqual([0])
  back.get(0)?.()
  await turns()
  expect(got).toEqual([0, 1, 2])
  back.get(2)?.()
  await turns()
  expect(got).toEqual([0, 1, 2, 3])
})

test('who wants more than there is waits for all, and gets it', async () => {
  const { got, back } = ask(new Budget(10), [1, 99, 1])
  await turns()
  expect(got).toEqual([0])
  back.get(0)?.()
  await turns()
  expect(got).toEqual([0, 1])
  back.get(1)?.()
  await turns()
  expect(got).toEqual([0, 1, 2])
})
