// SPDX-License-Identifier: Apache-2.0
import { startDynamoTarget } from './dynamo-target.ts'
import { startLocalTarget } from './local-target.ts'
import type { Target, TargetName, TargetOptions } from './target.ts'

export function startTarget(name: TargetName, options?: TargetOptions): Promise<Target> {
  return name === 'local-frontend 1.2' || name === 'local-frontend 1.3+'
    ? startLocalTarget(name, options)
    : startDynamoTarget(name, options)
}
