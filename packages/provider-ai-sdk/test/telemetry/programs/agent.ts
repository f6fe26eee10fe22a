// SPDX-License-Identifier: Apache-2.0
import { generateText, isStepCount, tool } from 'ai'
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { createDynamo, withAgentSession } from '../../../src/index.ts'
import { registerDynamo } from '../../../src/telemetry/index.ts'

/**
 * An application whose model asks for many tools at once, of which one never
 * ends. When all others have, it ends in the given way.
 */
const [, , baseURL = '', ending = '', calls = '0'] = process.argv
const registration = registerDynamo()
const inputSchema = z.object({})
let ended = 0
let endedAtMs = 0

const tools = {
  look_up: tool({ inputSchema, execute: () => `found ${++ended}` }),
  hang: tool({
    inputSchema,
    execute: async () => {
      while (ended < Number(calls)) await new Promise(setImmediate)
      // The SDK tells of the last end in a later turn.
      setImmediate(() => {
        setImmediate(end)
      })
      return new Promise(() => undefined)
    },
  }),
}

function end(): void {
  endedAtMs = performance.now()
  process.on('exit', () => {
    writeSync(1, `${JSON.stringify({ exitMs: performance.now() - endedAtMs, counters: registration.counters })}\n`)
  })
  switch (ending) {
    case 'process.exit':
      process.exit(0)
      break
    case 'uncaught':
      throw new Error('as tested')
    case 'close':
      void registration.close()
      break
    case 'interrupt':
      waitForSignal()
      break
    case 'handler':
      process.once('SIGTERM', () => process.exit(0))
      waitForSignal()
      break
    case 'handler that closes':
      process.once('SIGTERM', () => {
        void registration.close().then(() => process.exit(0))
      })
      waitForSignal()
      break
    case 'listener that wants to be alone':
      process.on('SIGTERM', () => {
        if (process.listenerCount('SIGTERM') > 1) return
        process.removeAllListeners('SIGTERM')
        process.kill(process.pid, 'SIGTERM')
      })
      waitForSignal()
      break
    case 'listener that goes on': {
      const goOn = () => {
        writeSync(1, 'went on\n')
        process.once('SIGTERM', leave)
        process.off('SIGTERM', goOn)
      }
      const leave = () => {
        writeSync(1, 'left\n')
      }
      process.on('SIGTERM', goOn)
      waitForSignal()
      break
    }
  }
}

function waitForSignal(): void {
  setInterval(() => undefined, 1000)
  writeSync(1, 'ready\n')
}

const model = createDynamo({ baseURL })('scripted')
void withAgentSession('chat', () => generateText({ model, prompt: 'Hi', tools, stopWhen: isStepCount(2) }))
