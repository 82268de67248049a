/** A process that follows a log into an index: DIR INDEX [N]. It kills itself before its Nth step of
 * writing: a statement that touches the kept tables, or the first after them. */

import { createIndexBuilder } from '../../../src/index/builder.ts'
import { openVerifiedLog } from '../../../src/log-source.ts'

const STEP =
  /^\s*(BEGIN|COMMIT|INSERT INTO main|DELETE FROM main|DROP TABLE (twice|IF EXISTS scratch\.main\.incoming))/

const [dir, index, last = 'Infinity'] = process.argv.slice(2)
const builder = await createIndexBuilder({ dir: index, strict: true, nowS: Date.now() / 1000 })
const { connection } = builder
const { run } = connection
let steps = 0
connection.run = function (sql, ...rest) {
  if (STEP.test(sql) && ++steps === Number(last)) process.kill(process.pid, 'SIGKILL')
  return run.call(this, sql, ...rest)
}
process.stdout.write('following\n')
await builder.addLog(await openVerifiedLog(dir, {}), () => {})
await builder.finish()
builder.close()
