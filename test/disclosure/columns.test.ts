import { describe, expect, it } from 'vitest'
import { distinctNames, findColumns } from '../../src/disclosure/columns.ts'

const TIMES = ['2024-01-01 10:00:00']
const file = (names: string[], times: string[] = []) => ({
  file: 'log.csv',
  names,
  values: (name: string) => (times.includes(name) ? TIMES : ['x']),
})

describe('the columns of a file', () => {
  it('are guessed where their names say it, and what was guessed is told', () => {
    const found = findColumns(file(['Agent ID', 'customerId', 'Time', 'Queue', 'note']), {})
    expect(found.map).toEqual({
      agent: 'Agent ID',
      customer: 'customerId',
      time: 'Time',
      queue: 'Queue',
    })
    expect(found.assumed).toEqual([
      'columns guessed from their names: agent=Agent ID, customer=customerId, time=Time, queue=Queue',
    ])
  })

  it('of time may be found by its values', () => {
    const found = findColumns(file(['user', 'client', 'when', 'note'], ['when']), {})
    expect(found.map).toMatchObject({ agent: 'user', customer: 'client', time: 'when' })
  })

  it('are never guessed between two', () => {
    expect(() => findColumns(file(['agent', 'employee', 'customer', 'time']), {})).toThrow(
      /Which column of log\.csv is the agent\? .*any of agent, employee/,
    )
    const two = file(['agent', 'customer', 'opened', 'closed'], ['opened', 'closed'])
    expect(() => findColumns(two, {})).toThrow(/is the time\? .*opened, closed/)
    expect(() => findColumns(file(['a', 'customer', 'time']), {})).toThrow(/no column says it/)
  })

  it('are only those told, where any is told', () => {
    const names = ['agent', 'customer', 'time', 'ticket']
    const told = { agent: 'agent', customer: 'customer', time: 'time' }
    expect(findColumns(file(names), told)).toEqual({ map: told, assumed: [] })
  })

  it('that are told but not there are an error that names the nearest', () => {
    const told = { agent: 'agnet', customer: 'customer', time: 'time' }
    expect(() => findColumns(file(['agent', 'customer', 'time']), told)).toThrow(
      'log.csv has no column "agnet" (asked for as agent). Did you mean "agent"?',
    )
  })
})

describe('a header', () => {
  it('has distinct names: one that comes again gets a number, one that is empty its place', () => {
    expect(distinctNames(['a', 'b', 'a', '', 'a', 'a_2'])).toEqual({
      names: ['a', 'b', 'a_2', 'column_4', 'a_3', 'a_2_2'],
      assumed: [
        'the header has "a" again; it is called "a_2"',
        'the header has "a" again; it is called "a_3"',
        'the header has "a_2" again; it is called "a_2_2"',
      ],
    })
  })
})
