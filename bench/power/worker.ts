/** A worker of the suite: a unit comes in, its outcome goes out. */
import { parentPort } from 'node:worker_threads'
import { doUnit, type Settings, type Unit } from './units.ts'

parentPort!.on('message', async ({ unit, settings }: { unit: Unit; settings: Settings }) => {
  parentPort!.postMessage(await doUnit(unit, settings))
})
