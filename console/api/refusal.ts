/** An answer that is not what was asked for, in words for the person. */
export class Refusal extends Error {
  /** A code of docs/errors.md, or OFFLINE where no server answered. */
  readonly code: string
  /** What to do about it, and who can help. */
  readonly next: string
  /** HTTP status; 0 where no server answered. */
  readonly status: number

  constructor(code: string, says: string, next: string, status: number) {
    super(says)
    this.name = 'Refusal'
    this.code = code
    this.next = next
    this.status = status
  }
}

const OFFLINE = [
  'No server answers.',
  'What you typed is kept. This page goes on by itself.',
] as const
const UNREADABLE = [
  'The server answered something that this page does not understand.',
  'Try once more; if it stays so, tell whoever runs Telltale.',
] as const

/** No server answered. */
export function offline(): Refusal {
  return new Refusal('OFFLINE', ...OFFLINE, 0)
}

/** The refusal in a response (problem+json, RFC 9457). */
export async function refusalOf(response: Response): Promise<Refusal> {
  const { status } = response
  const body: unknown = await response.json().catch(() => null)
  const problem = (body ?? {}) as Partial<Record<'code' | 'title' | 'detail' | 'next', unknown>>
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return new Refusal(
    text(problem.code) ?? 'UNREADABLE',
    text(problem.detail) ?? text(problem.title) ?? UNREADABLE[0],
    text(problem.next) ?? UNREADABLE[1],
    status,
  )
}

/** Anything caught, as a refusal. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal('UNREADABLE', ...UNREADABLE, 0)
}
