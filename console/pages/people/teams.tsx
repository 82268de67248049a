import type { Teams as Data } from '../../../src/http/desk/shapes/people.ts'
import { Empty } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/table.tsx'

type Team = Data['teams'][number]

const COLUMNS: readonly Column<Team>[] = [
  { head: 'Team', cell: ({ name }) => name },
  { head: 'People', cell: ({ agents }) => agents, numeric: true },
  { head: 'Customers an hour', cell: ({ budget }) => budget.hour, numeric: true },
  { head: 'a day', cell: ({ budget }) => budget.day, numeric: true },
  { head: 'a week', cell: ({ budget }) => budget.week, numeric: true },
]

/** Teams and their budgets. */
export function Teams({ teams }: { teams: readonly Team[] }) {
  return (
    <section aria-labelledby="teams">
      <h2 id="teams">Teams and their budgets</h2>
      {teams.length === 0 ? (
        <Empty title="There is no team yet." />
      ) : (
        <Table caption="Teams and budgets" rows={teams} keyOf={({ id }) => id} columns={COLUMNS} />
      )}
    </section>
  )
}
