// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises'

type Interrupt = typeof import('../../src/tools/interrupt.ts')

/**
 * A process with so many sessions, each with an instance of the module of its
 * own. A flush takes its time; SIGUSR2 makes somebody else take SIGINT, or give
 * it back.
 */
const [sessions = 1, flushMs = 1] = process.argv.slice(2).map(Number)
const address = new URL('../../src/tools/interrupt.ts', import.meta.url).href
for (let session = 0; session < sessions; session++) {
  const { flushOnSignal } = (await import(`${address}?${session}`)) as Interrupt
  flushOnSignal({ hasUI: false, mode: 'print' }, async () => {
    process.stdout.write('begun\n')
    await delay(flushMs * session)
    process.stdout.write('flushed\n')
  })
}
const ignore = () => process.stdout.write('ignored\n')
process.on('SIGUSR2', () => {
  if (process.listeners('SIGINT').includes(ignore)) process.off('SIGINT', ignore)
  else process.on('SIGINT', ignore)
  process.stdout.write('changed\n')
})
setInterval(() => undefined, 1000)
process.stdout.write('ready\n')
