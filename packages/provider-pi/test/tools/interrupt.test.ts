// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'

const program = fileURLToPath(new URL('../helpers/interrupted.ts', import.meta.url))

async function start(sessions: number, flushMs: number) {
  const child = spawn(process.execPath, [program, String(sessions), String(flushMs)])
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const closed = once(child, 'close')
  const said = (word: string) => text.split(`${word}\n`).length - 1
  const started = {
    send: (signal: NodeJS.Signals) => child.kill(signal),
    said,
    heard: (word: string, times = 1) => vi.waitUntil(() => said(word) >= times, { timeout: 10_000 }),
    async done() {
      const [, signal] = (await closed) as [number | null, NodeJS.Signals | null]
      return { signal, text }
    },
  }
  await started.heard('ready')
  return started
}

it('waits for every session of the process, whichever instance has it, before it dies of the signal', async () => {
  const child = await start(20, 10)
  child.send('SIGINT')
  const { signal, text } = await child.done()
  expect(signal).toBe('SIGINT')
  // Nothing but this: no warning of too many listeners either.
  expect(text).toBe(`ready\n${'begun\n'.repeat(20)}${'flushed\n'.repeat(20)}`)
})

it('ends at once when it is interrupted again', async () => {
  const child = await start(2, 60_000)
  child.send('SIGINT')
  await child.heard('flushed')
  child.send('SIGINT')
  expect(await child.done()).toMatchObject({ signal: 'SIGINT', text: 'ready\nbegun\nbegun\nflushed\n' })
})

it('leaves the signal to somebody who takes it, for as long as they do', async () => {
  const child = await start(1, 0)
  child.send('SIGUSR2')
  await child.heard('changed')
  child.send('SIGINT')
  await child.heard('ignored')
  expect(child.said('begun')).toBe(0)
  child.send('SIGUSR2')
  await child.heard('changed', 2)
  child.send('SIGINT')
  expect(await child.done()).toMatchObject({ signal: 'SIGINT' })
  expect(child.said('flushed')).toBe(1)
})
