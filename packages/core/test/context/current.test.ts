// SPDX-License-Identifier: Apache-2.0
import { pbkdf2, randomBytes, scrypt } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { readFile, stat } from 'node:fs'
import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as immediate, setInterval as intervals, setTimeout as sleep } from 'node:timers/promises'
import { deflate, gzip } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  bindAgentContext,
  bindAgentContextToIterable,
  createAgentContext,
  currentAgentContext,
  withAgentContext,
  type AgentContext,
} from '../../src/index.ts'
import { child, root, runProgram, seededRandom, sourceUrl } from '../support.ts'

type Current = AgentContext | undefined

/** Waits for a callback and says which context was current in it. */
const inCallback = (schedule: (callback: () => void) => void) =>
  new Promise<Current>((resolve) => {
    schedule(() => {
      resolve(currentAgentContext())
    })
  })

/** What a chunk of a stream sees on its way. */
const inTransform = async () => {
  let seen: Current
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen = currentAgentContext()
      done(null, chunk)
    },
  })
  await pipeline(
    Readable.from(['a', 'b']),
    watch,
    new Writable({ write: (_chunk, _encoding, done) => setImmediate(done) }),
  )
  return seen
}

/** Every way by which Node comes back to a program. */
const flows: Readonly<Record<string, () => Promise<Current>>> = {
  'a call': async () => Promise.resolve(currentAgentContext()),
  'an await': async () => {
    await Promise.resolve()
    return currentAgentContext()
  },
  'then, catch and finally': () => {
    const failed = Promise.reject(new Error('expected'))
    return failed
      .finally(() => undefined)
      .catch(() => undefined)
      .then(currentAgentContext)
  },
  'Promise.all': async () => (await Promise.all([1, 2].map(() => sleep(1).then(currentAgentContext))))[1],
  setTimeout: () => inCallback((callback) => setTimeout(callback, 1)),
  setImmediate: () => inCallback((callback) => setImmediate(callback)),
  setInterval: async () => {
    let timer: NodeJS.Timeout | undefined
    const seen = await inCallback((callback) => (timer = setInterval(callback, 1)))
    clearInterval(timer)
    return seen
  },
  'process.nextTick': () =>
    inCallback((callback) => {
      process.nextTick(callback)
    }),
  queueMicrotask: () => inCallback(queueMicrotask),
  'timers/promises': () => immediate().then(currentAgentContext),
  'an async iterator of timers': async () => {
    for await (const _ of intervals(1)) return currentAgentContext()
    return undefined
  },
  'fs.readFile': () =>
    inCallback((callback) => {
      readFile(import.meta.filename, callback)
    }),
  'fs.stat': () =>
    inCallback((callback) => {
      stat('/', callback)
    }),
  'crypto.pbkdf2': () =>
    inCallback((callback) => {
      pbkdf2('a', 'b', 1, 8, 'sha256', callback)
    }),
  'crypto.scrypt': () =>
    inCallback((callback) => {
      scrypt('a', 'b', 8, { N: 2 }, callback)
    }),
  'crypto.randomBytes': () =>
    inCallback((callback) => {
      randomBytes(8, callback)
    }),
  'zlib.gzip': () =>
    inCallback((callback) => {
      gzip('a', callback)
    }),
  'zlib.deflate': () =>
    inCallback((callback) => {
      deflate('a', callback)
    }),
  'a transform of a pipeline': inTransform,
  'a readable that is iterated': async () => {
    for await (const _ of Readable.from(['a', 'b'])) await immediate()
    return currentAgentContext()
  },
  'a web stream': async () => {
    let seen: Current
    const watch = new TransformStream({
      async transform(chunk, controller) {
        await immediate()
        seen = currentAgentContext()
        controller.enqueue(chunk)
      },
    })
    for await (const _ of Readable.toWeb(Readable.from(['a'])).pipeThrough(watch)) continue
    return seen
  },
  'events.once': async () => {
    const emitter = new EventEmitter()
    setImmediate(() => emitter.emit('ready'))
    await once(emitter, 'ready')
    return currentAgentContext()
  },
  'a generator that is consumed where it was made': async () => {
    const generate = async function* () {
      await immediate()
      yield currentAgentContext()
    }
    for await (const seen of generate()) return seen
    return undefined
  },
}

describe('the current context', () => {
  test('there is none outside', () => {
    expect(currentAgentContext()).toBeUndefined()
  })

  test.each(Object.entries(flows))('reaches %s', async (_, flow) => {
    expect(await withAgentContext(child, flow)).toBe(child)
    expect(currentAgentContext()).toBeUndefined()
  })

  test('is the innermost one, and the outer one again afterwards', () => {
    withAgentContext(root, () => {
      withAgentContext(child, () => {
        expect(currentAgentContext()).toBe(child)
      })
      expect(currentAgentContext()).toBe(root)
    })
  })

  test('ends with a function that throws, and the error passes', () => {
    expect(() =>
      withAgentContext(child, () => {
        throw new Error('expected')
      }),
    ).toThrow('expected')
    expect(currentAgentContext()).toBeUndefined()
  })

  test('gives back what the function gives back', () => {
    expect(withAgentContext(child, () => 7)).toBe(7)
  })

  test('is shared by two copies of the module in one process', async () => {
    const seen = await runProgram(`
      const url = ${JSON.stringify(sourceUrl('context/current.ts'))}
      const one = await import(url)
      const other = await import(url + '?copy')
      const context = { sessionId: 's', trajectoryId: 't', sessionTypeId: 'a' }
      console.log(JSON.stringify({
        areTwo: one.withAgentContext !== other.withAgentContext,
        there: one.withAgentContext(context, () => other.currentAgentContext()),
        back: other.withAgentContext(context, () => one.currentAgentContext()),
      }))
    `)
    const context = { sessionId: 's', trajectoryId: 't', sessionTypeId: 'a' }
    expect(seen).toEqual({ areTwo: true, there: context, back: context })
  })

  test('never mixes sessions that run at the same time', async () => {
    const random = seededRandom(7)
    const ways = Object.values(flows)
    const sessions = Array.from({ length: 200 }, (_, index) => {
      const context = createAgentContext({ sessionId: `run-${index}` })
      const steps = Array.from({ length: 5 }, () => ways[Math.floor(random() * ways.length)]!)
      const pause = random() * 3
      return withAgentContext(context, async () => {
        for (const step of steps) {
          await sleep(pause)
          if ((await step()) !== context || currentAgentContext() !== context) return 'mixed'
        }
        return 'kept'
      })
    })
    expect(new Set(await Promise.all(sessions))).toEqual(new Set(['kept']))
  })
})

describe('bindAgentContext', () => {
  test("without it, an event's listener runs in the context of whoever emits", () => {
    const emitter = new EventEmitter()
    const seen: Current[] = []
    withAgentContext(child, () => {
      emitter.on('tick', () => seen.push(currentAgentContext()))
      emitter.on(
        'tick',
        bindAgentContext(() => seen.push(currentAgentContext())),
      )
    })
    emitter.emit('tick')
    withAgentContext(root, () => emitter.emit('tick'))
    expect(seen).toEqual([undefined, child, root, child])
  })

  test('takes the context it is given before the current one', () => {
    const bound = withAgentContext(root, () => bindAgentContext(currentAgentContext, child))
    expect(bound()).toBe(child)
  })

  test('passes arguments, result, error and `this`', () => {
    const listener = function (this: unknown, ...args: unknown[]) {
      return [this, ...args]
    }
    const host = { listener: bindAgentContext(listener, child) }
    expect(host.listener(1, 2)).toEqual([host, 1, 2])
    expect(
      bindAgentContext(() => {
        throw new Error('expected')
      }, child),
    ).toThrow('expected')
  })

  test('leaves a function as it is when there is no context', () => {
    const fn = () => 1
    expect(bindAgentContext(fn)).toBe(fn)
  })
})

describe('bindAgentContextToIterable', () => {
  /** Reports what each part of a generator's body sees; consumed outside of any context. */
  function watched(seen: Record<string, Current>) {
    return withAgentContext(child, () => {
      const generate = async function* () {
        seen.start = currentAgentContext()
        try {
          yield 1
          seen.next = currentAgentContext()
          await immediate()
          yield 2
        } catch {
          seen.catch = currentAgentContext()
          yield 3
        } finally {
          await immediate()
          seen.finally = currentAgentContext()
        }
      }
      return generate()
    })
  }

  test('without it, a generator runs in the context of whoever consumes it', async () => {
    const seen: Record<string, Current> = {}
    for await (const _ of watched(seen)) continue
    expect(seen).toEqual({ start: undefined, next: undefined, finally: undefined })
  })

  test('holds to the end', async () => {
    const seen: Record<string, Current> = {}
    const items: number[] = []
    for await (const item of bindAgentContextToIterable(watched(seen), child)) {
      items.push(item)
      expect(currentAgentContext()).toBeUndefined()
    }
    expect(items).toEqual([1, 2])
    expect(seen).toEqual({ start: child, next: child, finally: child })
  })

  test('holds when the consumer leaves early', async () => {
    const seen: Record<string, Current> = {}
    for await (const _ of bindAgentContextToIterable(watched(seen), child)) break
    expect(seen).toEqual({ start: child, finally: child })
  })

  test('holds when the consumer throws into the generator', async () => {
    const seen: Record<string, Current> = {}
    const iterator = bindAgentContextToIterable(watched(seen), child)[Symbol.asyncIterator]()
    await iterator.next()
    expect(await iterator.throw?.(new Error('expected'))).toEqual({ done: false, value: 3 })
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(seen).toEqual({ start: child, catch: child, finally: child })
  })

  test('an error of the generator reaches the consumer', async () => {
    const failing = Readable.from(
      (async function* () {
        yield await Promise.resolve(1)
        throw new Error('expected')
      })(),
    )
    await expect(async () => {
      for await (const _ of bindAgentContextToIterable<unknown>(failing, child)) continue
    }).rejects.toThrow('expected')
  })

  test('takes an iterable that can neither be left nor thrown into', async () => {
    const bare: AsyncIterable<Current> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: false, value: currentAgentContext() }) }),
    }
    const iterator = bindAgentContextToIterable(bare, child)[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: child })
    expect(iterator).not.toHaveProperty('return')
    expect(iterator).not.toHaveProperty('throw')
  })

  test('leaves an iterable as it is when there is no context', () => {
    const iterable = Readable.from([])
    expect(bindAgentContextToIterable<unknown>(iterable)).toBe(iterable)
  })
})
