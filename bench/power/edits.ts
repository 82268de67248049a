/** Edits of a log that make a hard case of it. */
import { idsFor, sortedRows, takeRows } from '../../src/index/rows.ts'
import type { Graph } from './graph.ts'

/** The log with one more agent, who was shown what the picked rows showed, at the same times. */
export function withAgent(graph: Graph, pick: (row: number) => boolean): Graph {
  const { rows, shape } = graph
  const copied: number[] = []
  for (let i = 0; i < rows.agent.length; i++) if (pick(i)) copied.push(i)
  const order = Uint32Array.from({ length: rows.agent.length + copied.length }, (_, i) =>
    i < rows.agent.length ? i : copied[i - rows.agent.length],
  )
  const agents = shape.agents + 1
  const agent = idsFor(agents, order.length)
  agent.set(rows.agent)
  agent.fill(shape.agents, rows.agent.length)
  const edited = { ...takeRows(rows, order), agent }
  return { ...graph, rows: sortedRows(edited), shape: { ...shape, agents } }
}

/** The log without some rows. */
export function withoutRows(graph: Graph, drop: (row: number) => boolean): Graph {
  const kept = graph.rows.agent.keys().filter((i) => !drop(i))
  return { ...graph, rows: takeRows(graph.rows, Uint32Array.from(kept)) }
}
