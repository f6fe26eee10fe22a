// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { findInputs, type Input } from '../../src/read/inputs.ts'
import { spoolInputs } from '../../src/read/spool.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function textOf(input: Input | undefined): Promise<string> {
  const chunks: Uint8Array[] = []
  if (input) for await (const chunk of input.open()) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('spoolInputs', () => {
  it('makes standard input readable more than once, and files stay where they are', async () => {
    const path = join(temporaryFolder(), 'trace.jsonl')
    writeFileSync(path, 'file')
    const inputs = await findInputs([path, '-'], Readable.from([Buffer.from('from '), Buffer.from('stdin')]))
    let copy: string | undefined
    {
      await using spooled = await spoolInputs(inputs)
      const [file, stdin] = spooled.inputs
      expect(file).toBe(inputs[0])
      expect([await textOf(stdin), await textOf(stdin)]).toEqual(['from stdin', 'from stdin'])
      expect(stdin).toMatchObject({ name: '-', file: { bytes: 10 } })
      copy = stdin?.file?.path
      expect(existsSync(copy ?? '')).toBe(true)
    }
    expect(existsSync(copy ?? '')).toBe(false)
  })

  it('removes what it has copied when another input cannot be read', async () => {
    const cause = new Error('gone')
    const failing: Input = {
      name: 'pipe',
      // eslint-disable-next-line require-yield -- nothing comes of a pipe that fails
      async *open() {
        await Promise.resolve()
        throw cause
      },
    }
    await expect(spoolInputs([failing])).rejects.toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE', cause })
  })
})
