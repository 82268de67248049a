/** The index's tables (docs/index.md), made where they are not there yet. */
import type { DuckDBConnection } from '@duckdb/node-api'

const TABLES = `
CREATE TABLE IF NOT EXISTS agent (id INTEGER, name VARCHAR);
CREATE TABLE IF NOT EXISTS customer (
  id INTEGER, key VARCHAR, segment VARCHAR, region VARCHAR, in_population BOOLEAN);
CREATE TABLE IF NOT EXISTS field (bit INTEGER, name VARCHAR);
CREATE TABLE IF NOT EXISTS disclosure (
  agent INTEGER, customer INTEGER, "at" UINTEGER, fields UINTEGER, ticket VARCHAR,
  grounded BOOLEAN, queue VARCHAR, path VARCHAR, source INTEGER);
CREATE TABLE IF NOT EXISTS source (
  id INTEGER, file VARCHAR, sha256 VARCHAR, reading VARCHAR, rows_read BIGINT, rows_added BIGINT,
  rows_duplicate BIGINT, rejected BIGINT);
CREATE TABLE IF NOT EXISTS reject (
  source INTEGER, file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR);
CREATE TABLE IF NOT EXISTS followed (
  source INTEGER, origin VARCHAR, vkey VARCHAR, size BIGINT, root VARCHAR, note VARCHAR);
CREATE TABLE IF NOT EXISTS epoch (
  source INTEGER, epoch BIGINT, opened BIGINT, erased BIGINT, customers BIGINT, first_ms BIGINT,
  last_ms BIGINT);
CREATE TABLE IF NOT EXISTS population (
  file VARCHAR, sha256 VARCHAR, customers BIGINT, assumed VARCHAR[]);
`

/** Makes the tables that are not there yet. */
export async function createTables(db: DuckDBConnection): Promise<void> {
  await db.run(TABLES)
}
