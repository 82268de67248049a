/** `telltale power`: before any leak, what a log could prove. */
import { afterAll, expect, it } from 'vitest'
import { accessCsv, desk } from './cli.ts'

const here = desk()
afterAll(() => here.clear())

/** Ann works alone on 60 customers; cat was shown all that ben was shown; 300 others by many. */
const shown = Array.from({ length: 400 }, (_, c) => {
  if (c < 60) return ['ann']
  if (c < 120) return ['ben', 'cat']
  return [`many${c % 7}`]
})

it('says who could be named, by how many reports, and who hides behind whom', async () => {
  const accesses = here.file('accesses.csv', accessCsv(shown))
  const { code, out } = await here.run(
    'power',
    '--accesses',
    accesses,
    '--noise',
    '0.2',
    '--json',
    '-',
  )
  expect(code).toBe(0)
  const { agents, format } = JSON.parse(out)
  expect(format).toBe('telltale-power/1')
  const of = (name: string) => agents.find((agent: { agent: string }) => agent.agent === name)
  expect(of('ann').customers).toBe(60)
  expect(of('ann').toName).toBeGreaterThan(of('ann').toLead)
  expect(of('ann').toName).toBeLessThan(30)
  for (const hidden of ['ben', 'cat']) {
    expect(of(hidden).toName).toBeNull()
    expect(of(hidden).toLead).toBeNull()
    expect(of(hidden).hiddenShare).toBe(1)
  }
  expect(of('ben').hiddenBy).toEqual(['cat'])
})

it('prints a table a person can read', async () => {
  const accesses = here.file('again.csv', accessCsv(shown))
  const { out } = await here.run('power', '--accesses', accesses)
  expect(out).toMatch(/^ann +60 +\d+ +\d+$/m)
  expect(out).toMatch(/ben +60 +never +never +cat \(100%\)/)
})

it('refuses a share of noise that is none', async () => {
  const accesses = here.file('once.csv', accessCsv(shown))
  const { code, err } = await here.run('power', '--accesses', accesses, '--noise', '1')
  expect(code).toBe(2)
  expect(err).toMatch(/share/)
})
