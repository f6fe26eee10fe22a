// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BYTES_BEHIND, type Block } from '../../src/read/block.ts'
import { createScanBlock } from '../../src/read/scan-block.ts'
import { startScanThread, type ScanThread } from '../../src/read/scan-thread.ts'
import { requestLine } from '../support/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function block(text: string): Block {
  const end = Buffer.byteLength(text)
  const bytes = new Uint8Array(end + BYTES_BEHIND)
  bytes.set(Buffer.from(text))
  return { bytes, start: 0, end }
}

async function startThread(): Promise<ScanThread> {
  const thread = startScanThread({})
  onTestFinished(() => thread.close())
  await expect.poll(() => thread.isReady(), { timeout: 15_000 }).toBe(true)
  return thread
}

describe('a scan thread', () => {
  const text = `${requestLine('r1')}\nbroken\n${requestLine('r2')}\n`

  it('answers as scanning in place does, in order', async () => {
    const thread = await startThread()
    const scanBlock = await createScanBlock({})
    const texts = [text, `${text}${text}`, 'no row\n']
    const answers = Promise.all(texts.map((each) => thread.scan(block(each), undefined)))
    expect(thread.pending()).toBe(3)
    for (const [index, answer] of (await answers).entries()) {
      const { batch, ...counts } = answer
      const { batch: expected, ...expectedCounts } = scanBlock(block(texts[index] ?? ''))
      expect(counts).toEqual(expectedCounts)
      expect(batch.lines.subarray(0, batch.count)).toEqual(expected.lines.subarray(0, expected.count))
    }
    expect(thread.pending()).toBe(0)
  })

  it('moves memory there and back, instead of copying it', async () => {
    const thread = await startThread()
    const first = block(text)
    const { batch } = await thread.scan(first, undefined)
    expect(first.bytes.length).toBe(0)
    const { batch: second } = await thread.scan(block(text), batch)
    expect(batch.numbers.length).toBe(0)
    expect(second.numbers.length).toBeGreaterThan(0)
  })

  it('ends a line that was cut after the block had been left unread', async () => {
    const thread = await startThread()
    const path = join(temporaryFolder(), 'rows.jsonl')
    writeFileSync(path, text)
    const fd = openSync(path, 'r')
    onTestFinished(() => {
      closeSync(fd)
    })
    const cut = block('.'.repeat(text.length - 5))
    const { batch, lines, skipped } = await thread.scan({ ...cut, unread: { fd, path, offset: 0 } }, undefined)
    expect({ count: batch.count, lines, skipped }).toEqual({ count: 1, lines: 3, skipped: { 'not-json': { count: 2, firstLine: 2 } } })
  })

  it('reads blocks that were left unread, as far as they can be read', async () => {
    const thread = await startThread()
    const path = join(temporaryFolder(), 'rows.jsonl')
    writeFileSync(path, `\n${text}`)
    const fd = openSync(path, 'r')
    const unread = (): Block => ({ ...block('.'.repeat(text.length)), unread: { fd, path, offset: 1 } })
    const { batch, skipped } = await thread.scan(unread(), undefined)
    expect({ count: batch.count, skipped }).toMatchObject({ count: 2, skipped: { 'not-json': { firstLine: 2 } } })
    closeSync(fd)
    await expect(thread.scan(unread(), undefined)).rejects.toMatchObject({
      code: 'DYN_INPUT_NOT_FOUND',
      message: `cannot read ${path}`,
      cause: { code: 'EBADF', message: expect.stringContaining('read') as string },
    })
  })

  it('fails whoever waits for it when it ends too early, and is not ready any more', async () => {
    const thread = await startThread()
    // Too much to be answered at once.
    const answer = thread.scan(block(text.repeat(20_000)), undefined)
    await Promise.all([expect(answer).rejects.toMatchObject({ code: 'DYN_THREAD_FAILED' }), thread.close()])
    expect(thread.isReady()).toBe(false)
  })
})
