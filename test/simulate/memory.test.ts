import { expect, test } from 'vitest'
import { worldAccesses } from '../../simulate/memory.ts'

test('a world in memory has the size and shape of a benchmark graph', () => {
  const { agents, customers, queues, cells, isPerson, rows } = worldAccesses(3)
  expect(agents).toHaveLength(150)
  expect(customers).toHaveLength(8000)
  expect(rows.count).toBeGreaterThan(40_000)
  for (const column of Object.values(rows)) {
    if (typeof column !== 'number') expect(column).toHaveLength(rows.count)
  }
  expect(Math.max(...isPerson)).toBe(1)
  expect(agents.filter((_, a) => isPerson[a] === 0)).toEqual(['svc-reminder', 'svc-classify'])
  const cellOf = new Map<number, number>()
  const wrong: number[] = []
  for (let i = 0; i < rows.count; i++) {
    const [agent, customer, queue, cell] = [
      rows.agent[i],
      rows.customer[i],
      rows.queue[i],
      rows.cell[i],
    ]
    const known = agent < agents.length && customer < customers.length && cell < cells.length
    const sameCell = (cellOf.get(customer) ?? cell) === cell
    cellOf.set(customer, cell)
    const noTicket = rows.ticketId[i] === 0
    const queued = noTicket ? queue === 255 : queue < queues.length
    if (!known || !sameCell || !queued) wrong.push(i)
  }
  expect(wrong).toEqual([])
  for (const cell of cells) expect(cell).toMatch(/^(consumer|business|government) [a-z]{2}$/)
  const ungrounded = rows.grounded.filter((g) => g === 0).length / rows.count
  expect(ungrounded).toBeGreaterThan(0.02)
  expect(ungrounded).toBeLessThan(0.1)
})

test('the same seed gives the same world, another another', () => {
  const [a, b, c] = [
    worldAccesses(3, 'small'),
    worldAccesses(3, 'small'),
    worldAccesses(4, 'small'),
  ]
  expect(b.rows).toEqual(a.rows)
  expect(c.rows.count === a.rows.count && c.rows.at.every((at, i) => at === a.rows.at[i])).toBe(
    false,
  )
})
