/** Reading large query results column by column, without an object for each row. */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api'

/** Every chunk of a query's result, as it comes. */
export async function* chunksOf(
  db: DuckDBConnection,
  sql: string,
): AsyncGenerator<DuckDBDataChunk> {
  const result = await db.stream(sql)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    yield chunk
  }
}

/** The values of a numeric column without nulls. */
export function numbersIn<T>(vector: DuckDBVector): T {
  return (vector as unknown as { items: T }).items
}
