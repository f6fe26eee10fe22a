// SPDX-License-Identifier: Apache-2.0
import type { ExtensionFactory } from '@earendil-works/pi-coding-agent'
import { expect, it } from 'vitest'
import extension, { createDynamoExtension } from '../../src/index.ts'

it("is an extension in the eyes of Pi's own types", () => {
  const factories: ExtensionFactory[] = [extension, createDynamoExtension({ discoveryTimeoutMs: 100 })]
  expect(factories).toHaveLength(2)
})
