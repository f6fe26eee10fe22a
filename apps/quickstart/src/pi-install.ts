// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The Pi coding agent and our extension for it, where they are installed. */
export interface PiInstall {
  /** The program, to be run by Node. */
  readonly cli: string
  readonly version: string
  /** Folder of @dynamo-agent/provider-pi, as `pi install` takes it. */
  readonly providerFolder: string
}

/** @throws DynamoAgentError `DYN_DEMO_UNAVAILABLE` when Pi is not installed beside this package. */
export async function findPi(): Promise<PiInstall> {
  try {
    const pi = new URL('..', import.meta.resolve('@earendil-works/pi-coding-agent'))
    const manifest = JSON.parse(await readFile(new URL('package.json', pi), 'utf8')) as {
      version: string
      bin: { pi: string }
    }
    return {
      cli: fileURLToPath(new URL(manifest.bin.pi, pi)),
      version: manifest.version,
      providerFolder: dirname(fileURLToPath(import.meta.resolve('@dynamo-agent/provider-pi/package.json'))),
    }
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_DEMO_UNAVAILABLE',
      message: 'the Pi coding agent is not installed here',
      advice: 'Install the packages of this project, or of @dynamo-agent/quickstart, with their dependencies.',
      cause,
    })
  }
}
