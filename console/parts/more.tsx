import { Button } from '@mantine/core'

interface Pages {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => unknown
}

/** The rest of a list, where there is one. */
export function More({ query }: { query: Pages }) {
  if (!query.hasNextPage) return null
  return (
    <p className="more">
      <Button
        variant="default"
        loading={query.isFetchingNextPage}
        onClick={() => query.fetchNextPage()}
      >
        Show more
      </Button>
    </p>
  )
}
