// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compatibilityPage } from '../src/compatibility-page.ts'

test('docs/compatibility.md is what the tables say', async () => {
  await expect(compatibilityPage()).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/compatibility.md'))
})
