/** A CSV or JSON lines file as a table of texts: its columns' names, a sample, and its rows. */
import { TelltaleError } from '../base/errors.ts'
import { SAMPLE_ROWS } from '../base/limits.ts'
import { distinctNames } from '../disclosure/columns.ts'
import type { Reject } from '../disclosure/source.ts'
import { csvReader, holdsControlCharacter, sampleRecords } from './csv.ts'
import { jsonNames, jsonReader, jsonSample } from './json-lines.ts'
import { linePieces } from './lines.ts'
import { type CsvShape, emptyRows, type RawRows } from './raw-rows.ts'
import { type Recognised, recognise } from './recognise.ts'

/** A text file with named columns. */
export interface Table {
  readonly file: string
  readonly kind: 'csv' | 'json-lines'
  readonly names: readonly string[]
  readonly assumed: readonly string[]
  /** The first values of a column, without its empty ones. */
  sample(name: string): string[]
  /** The rows of the columns asked for, in that order; again from the start at every call. */
  rows(names: readonly string[]): AsyncIterable<RawRows>
  /** The same, some of them undivided; null where the format has no such rows. */
  readonly plain: PlainTable | null
}

interface PlainTable {
  readonly delimiter: string
  rows(names: readonly string[]): AsyncIterable<RawRows>
}

/** Names of the columns of a file that has no header line, by the number of its columns. */
export type HeaderlessNames = (columns: number) => readonly string[] | null

export async function openTable(file: string, headerless?: HeaderlessNames): Promise<Table> {
  return tableOf(await recognise(file), headerless)
}

/** The table in a recognised file. Throws FILE_FORMAT where it holds none. */
export function tableOf(recognised: Recognised, headerless?: HeaderlessNames): Table {
  const { file, kind } = recognised
  if (kind === 'parquet') {
    throw new TelltaleError('FILE_FORMAT', {
      file,
      problem: 'it is Parquet, which is not read here',
    })
  }
  return kind === 'csv' ? csvTable(recognised, headerless) : jsonTable(recognised)
}

const LF = 10
const DELIMITERS = [',', ';', '\t', '|']
const DELIMITER_NAMES: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
}

function csvTable(recognised: Recognised, headerless?: HeaderlessNames): Table {
  const { file, sample } = recognised
  const delimiter = delimiterOf(file, sample)
  const records = sampleRecords(sample, delimiter, SAMPLE_ROWS)
  const given = headerless?.(records[0].length) ?? null
  const { names, assumed } = given ? { names: [...given], assumed: [] } : distinctNames(records[0])
  if (records[0].some(holdsControlCharacter)) {
    throw new TelltaleError('FILE_FORMAT', { file, problem: 'its first line is not text' })
  }
  const body = given ? records : records.slice(1)
  const headerLine = given ? 0 : firstLineOf(sample)
  const shapeOf = (wanted: readonly string[], plain: boolean): CsvShape => ({
    delimiter,
    columns: names.length,
    wanted: wanted.map((name) => names.indexOf(name)),
    plain,
  })
  return {
    file,
    kind: 'csv',
    names,
    assumed:
      delimiter === ','
        ? assumed
        : [`columns are separated by ${DELIMITER_NAMES[delimiter]}`, ...assumed],
    sample: (name) => body.map((row) => row[names.indexOf(name)] ?? '').filter(isNotEmpty),
    rows: (wanted) => csvRows(recognised, shapeOf(wanted, false), headerLine),
    plain: { delimiter, rows: (wanted) => csvRows(recognised, shapeOf(wanted, true), headerLine) },
  }
}

function isNotEmpty(value: string): boolean {
  return value.trim() !== ''
}

/** The delimiter under which the first rows have the most columns, all the same number. */
function delimiterOf(file: string, sample: string): string {
  const scored = DELIMITERS.map((delimiter) => {
    const records = sampleRecords(sample, delimiter, 50)
    const columns = records[0]?.length ?? 1
    const alike = records.filter((record) => record.length === columns).length
    return { delimiter, columns, score: columns < 2 ? 0 : (alike / records.length) * columns }
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  if (best.score > 0) return best.delimiter
  throw new TelltaleError('FILE_FORMAT', {
    file,
    problem: 'its first line has one column only; none of comma, semicolon, tab or bar divides it',
  })
}

function firstLineOf(sample: string): number {
  let line = 1
  for (let at = 0; sample[at] === '\n' || sample[at] === '\r'; at++) if (sample[at] === '\n') line++
  return line
}

async function* csvRows(
  recognised: Recognised,
  shape: CsvShape,
  headerLine: number,
): AsyncIterable<RawRows> {
  const reader = csvReader(shape)
  for await (const piece of linePieces(recognised.bytes())) {
    if (piece.kind === 'block') yield withoutHeader(reader.push(piece.block), headerLine)
    else {
      const rows = reader.gap()
      rows.rejects.push({ line: piece.long.line, reason: 'too-long', text: piece.long.start })
      yield rows
    }
  }
  yield withoutHeader(reader.end(), headerLine)
}

function withoutHeader(rows: RawRows, headerLine: number): RawRows {
  const { count, lines, columns, runs } = rows
  if (count > 0 && lines[0] === headerLine) {
    lines.shift()
    for (const column of columns) column.shift()
    return { ...rows, count: count - 1 }
  }
  if (runs.length === 0 || runs[0].line !== headerLine) return rows
  const [first, ...others] = runs
  const end = first.bytes.indexOf(LF)
  const bytes = first.bytes.subarray(end < 0 ? first.bytes.length : end + 1)
  const rest = { line: headerLine + 1, rows: first.rows - 1, bytes }
  return { ...rows, runs: rest.rows > 0 ? [rest, ...others] : others }
}

function jsonTable(recognised: Recognised): Table {
  const objects = jsonSample(recognised.sample, SAMPLE_ROWS)
  const names = jsonNames(objects)
  return {
    file: recognised.file,
    kind: 'json-lines',
    names,
    assumed: [],
    sample: (name) => {
      const read = jsonReader([name])
      return objects.map((object) => read(object)[0] ?? '').filter(isNotEmpty)
    },
    rows: (wanted) => jsonRows(recognised, wanted),
    plain: null,
  }
}

async function* jsonRows(
  recognised: Recognised,
  wanted: readonly string[],
): AsyncIterable<RawRows> {
  const read = jsonReader(wanted)
  for await (const piece of linePieces(recognised.bytes())) {
    const rows = emptyRows(wanted.length)
    if (piece.kind === 'block') read.block(piece.block, rows)
    else rows.rejects.push({ line: piece.long.line, reason: 'too-long', text: piece.long.start })
    yield rows
  }
}

/** Passes on the rows that the reader could not take. */
export function reportRejects(
  file: string,
  rows: RawRows,
  onReject: (reject: Reject) => void,
): void {
  for (const { line, reason, text } of rows.rejects) onReject({ file, line, reason, text })
}
