// SPDX-License-Identifier: Apache-2.0
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DynamoAgentError } from '@dynamo-agent/core'
import { readFileChunks, type Input } from './inputs.ts'

/** Inputs that can be read more than once. */
export interface SpooledInputs extends AsyncDisposable {
  readonly inputs: readonly Input[]
}

/**
 * Copies what can be read only once, such as standard input and named pipes,
 * to temporary files, which are removed when the result is disposed of. Files
 * stay where they are.
 *
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE` where there is no room for a
 * copy; `DYN_INPUT_NOT_FOUND` where an input cannot be read.
 */
export async function spoolInputs(inputs: readonly Input[]): Promise<SpooledInputs> {
  let folder: string | undefined
  const dispose = async (): Promise<void> => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    const spooled: Input[] = []
    for (const [index, input] of inputs.entries()) {
      if (input.file === undefined) folder ??= await makeFolder()
      spooled.push(folder === undefined || input.file ? input : await spool(input, join(folder, String(index))))
    }
    return { inputs: spooled, [Symbol.asyncDispose]: dispose }
  } catch (cause) {
    await dispose()
    throw cause
  }
}

async function spool(input: Input, path: string): Promise<Input> {
  try {
    await pipeline(input.open(), createWriteStream(path, { mode: 0o600 }))
  } catch (cause) {
    throw DynamoAgentError.isInstance(cause) ? cause : noRoom(path, cause)
  }
  return { ...input, file: { path, bytes: (await stat(path)).size }, open: () => readFileChunks(path) }
}

async function makeFolder(): Promise<string> {
  const prefix = join(tmpdir(), 'dynamo-agent-')
  return mkdtemp(prefix).catch((cause: unknown) => {
    throw noRoom(prefix, cause)
  })
}

function noRoom(path: string, cause: unknown): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_OUTPUT_UNWRITABLE',
    message: `cannot keep a copy of the input at ${path}`,
    advice: 'Save the input to a file and give its path, or let TMPDIR name a folder with room for it.',
    cause,
  })
}
