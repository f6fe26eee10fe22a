// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHarnessLog } from '@dynamo-agent/jsonl-sink'

/** Writes checkpoints of one trajectory, numbered by their bytes, and ends in the given way. */
const [, , path = '', trajectoryId = '', ending = '', count = '0', rotateBytes = '1000000000', writers = '1'] = process.argv
const log = createHarnessLog({ path, flushIntervalMs: 1, rotateBytes: Number(rotateBytes) })
const identity = { sessionId: 'run-1', trajectoryId, sessionTypeId: 'x'.repeat(trajectoryId.length) }

// A user of whom the folder may know nothing.
if (ending === 'nobody') process.setuid?.(65_534)
for (let bytes = 1; bytes <= Number(count); bytes++) {
  log.record({
    type: 'checkpoint',
    eventTimeMs: 1000 + bytes,
    source: 'pi',
    identity,
    checkpoint: { bytes, totalBytes: bytes },
  })
  if (bytes === 1 && writers !== '1') await allHaveBegun(Number(writers))
  // Many flushes, each with another number of rows.
  if (bytes % 97 === 0) await sleep(1)
}
if (ending === 'uncaught') throw new Error('as tested')
if (ending === 'process.exit') process.exit(0)
if (ending === 'close' || ending === 'nobody') {
  await log.close()
  process.stdout.write(JSON.stringify({ ...log.counters, problem: log.problem?.code }))
}

/** Waits until each of the writers has written its first row. */
async function allHaveBegun(all: number): Promise<void> {
  await log.flush()
  while (readFileSync(path, 'utf8').split('\n').length <= all) await sleep(1)
}
