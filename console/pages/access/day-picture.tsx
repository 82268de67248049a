import { useElementSize } from '@mantine/hooks'
import type { AccessRow } from '../../../src/http/desk/shapes/access.ts'
import { useNow } from '../../hooks/now.ts'
import { counted } from '../../words.ts'
import { PURPOSE_ROWS, purposeWords } from './purposes.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const [LEFT, RIGHT, ROW, TOP, R] = [88, 24, 34, 8, 5.5]
/** Narrower, hours stand further apart. */
const WIDE = 640
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const HOUR = new Intl.DateTimeFormat(undefined, { hour: 'numeric' })

/** The last 24 hours: one mark per disclosure, its shape the purpose, filled where something was
 * clear, hollow where all was masked. */
export function DayPicture({ shown }: { shown: readonly AccessRow[] }) {
  const nowMs = useNow()
  const { ref, width } = useElementSize()
  const rows = PURPOSE_ROWS.filter(({ kind }) => shown.some(({ purpose }) => purpose.kind === kind))
  const bottom = TOP + rows.length * ROW
  const x = (atMs: number) => LEFT + ((atMs - (nowMs - DAY_MS)) / DAY_MS) * (width - LEFT - RIGHT)
  const clear = shown.filter(isClear).length
  return (
    <figure className="picture" ref={ref}>
      <svg
        viewBox={`0 0 ${width || 1} ${bottom + 26}`}
        role="img"
        aria-labelledby="day-title day-words"
      >
        <title id="day-title">Disclosures of the last 24 hours</title>
        {hoursOf(nowMs, width < WIDE ? 6 : 3).map((atMs) => (
          <g key={atMs}>
            <line className="grid" x1={x(atMs)} x2={x(atMs)} y1={TOP} y2={bottom} />
            <text x={x(atMs)} y={bottom + 18} textAnchor="middle">
              {HOUR.format(atMs)}
            </text>
          </g>
        ))}
        {rows.map(({ kind, label }, row) => (
          <g key={kind}>
            <text x="0" y={TOP + row * ROW + ROW / 2 + 4}>
              {label}
            </text>
            {shown
              .filter(({ purpose, atMs }) => purpose.kind === kind && atMs >= nowMs - DAY_MS)
              .map((one) => (
                <path
                  key={one.entry}
                  className="shown-mark"
                  data-clear={isClear(one) || undefined}
                  d={SHAPES[kind](x(one.atMs), TOP + row * ROW + ROW / 2)}
                >
                  <title>{`${CLOCK.format(one.atMs)}, ${purposeWords(one.purpose)}, entry ${one.entry}`}</title>
                </path>
              ))}
          </g>
        ))}
      </svg>
      <figcaption id="day-words">
        {counted(shown.length, 'disclosure')}: {clear} with something clear (filled),{' '}
        {shown.length - clear} masked only (hollow). The table says which.
      </figcaption>
    </figure>
  )
}

function isClear({ fields }: AccessRow): boolean {
  return fields.some(({ view }) => view === 'clear')
}

/** Full hours of the last day, so many apart. */
function hoursOf(nowMs: number, apart: number): number[] {
  const first = new Date(nowMs - DAY_MS + HOUR_MS)
  first.setMinutes(0, 0, 0)
  while (first.getHours() % apart !== 0) first.setHours(first.getHours() + 1)
  const all = Array.from({ length: 24 / apart }, (_, at) => first.getTime() + at * apart * HOUR_MS)
  return all.filter((atMs) => atMs < nowMs)
}

type Shape = (x: number, y: number) => string

const SHAPES: Record<AccessRow['purpose']['kind'], Shape> = {
  ticket: (x, y) => `M${x - R},${y}a${R},${R} 0 1,0 ${2 * R},0a${R},${R} 0 1,0 ${-2 * R},0z`,
  call: (x, y) => `M${x - R},${y - R}h${2 * R}v${2 * R}h${-2 * R}z`,
  grant: (x, y) =>
    `M${x},${y - R - 1.5}l${R + 1.5},${R + 1.5}l${-R - 1.5},${R + 1.5}l${-R - 1.5},${-R - 1.5}z`,
  none: (x, y) => `M${x - R},${y - R}l${2 * R},${2 * R}M${x - R},${y + R}l${2 * R},${-2 * R}`,
}
