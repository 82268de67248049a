import { describe, expect, it } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'

function stage(isTTY: boolean, columns = 60) {
  const written: string[] = []
  let nowMs = 0
  const stream = { isTTY, columns, write: (text: string) => written.push(text) }
  return {
    progress: createProgress(stream, () => nowMs),
    written,
    wait: (ms: number) => {
      nowMs += ms
    },
  }
}

describe('progress on a terminal', () => {
  it('redraws one line, no oftener than it can be read, and leaves a summary', () => {
    const { progress, written, wait } = stage(true)
    progress.phase('Reading accesses.csv')
    for (let i = 1; i <= 1000; i++) {
      wait(2)
      progress.rows(i * 1000)
    }
    progress.end()
    const draws = written.filter((text) => text.startsWith('\r\u001b[2K') && text.length > 5)
    expect(draws.length).toBeGreaterThan(10)
    expect(draws.length).toBeLessThan(25)
    expect(draws.at(-1)).toMatch(/Reading accesses\.csv {2}[\d,]+ rows {2}500,000 rows\/s$/)
    expect(written.at(-1)).toBe('Reading accesses.csv: 1,000,000 rows, 2.0 s\n')
    expect(draws.every((text) => !text.includes('\n'))).toBe(true)
  })

  it('keeps to the width and lets no file name steer the terminal', () => {
    const { progress, written } = stage(true, 30)
    progress.phase(`Reading \u001b[2J${'x'.repeat(80)}.csv`)
    expect(written[0].slice(5).length).toBeLessThan(30)
    expect(written[0].slice(5)).not.toContain('\u001b')
  })

  it('puts a note above the line', () => {
    const { progress, written } = stage(true)
    progress.phase('Reading')
    progress.note('3 rows left out')
    expect(written.slice(-3)).toEqual([
      '\r\u001b[2K',
      '3 rows left out\n',
      '\r\u001b[2KReading ...',
    ])
  })
})

describe('progress elsewhere', () => {
  it('writes plain lines at long intervals, and no escape', () => {
    const { progress, written, wait } = stage(false)
    progress.phase('Reading accesses.csv')
    for (let i = 1; i <= 25; i++) {
      wait(1000)
      progress.rows(i * 10, 250)
    }
    progress.phase('Weighing the reports')
    progress.end()
    expect(written).toEqual([
      'Reading accesses.csv  40%  100 rows  10 rows/s\n',
      'Reading accesses.csv  80%  200 rows  10 rows/s\n',
      'Reading accesses.csv: 250 rows, 25.0 s\n',
    ])
  })
})
