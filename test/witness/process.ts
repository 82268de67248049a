// A witness in a process of its own, to be killed. Usage: process.ts FOLDER; prints its address.
import { openWitnessFolder } from '../../src/disk/witness-store.ts'
import { startWitnessServer } from '../../src/http/witness-server.ts'
import { openWitness } from '../../src/witness/witness.ts'
import { KNOWN, WITNESS } from './fixture.ts'

const store = await openWitnessFolder(process.argv[2])
const witness = await openWitness({ keys: [WITNESS], logs: KNOWN, store, nowMs: Date.now })
const { url } = await startWitnessServer(witness, { host: '127.0.0.1', port: 0 }, (error) => {
  throw error
})
console.log(url)
