// SPDX-License-Identifier: Apache-2.0

/** Values of keys that several endpoints take, as Dynamo 1.6.1 lists them when it refuses one; older releases lack the last. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const

export function reasoningEfforts(modern: boolean): readonly string[] {
  return modern ? [...efforts, 'max'] : efforts
}

export const serviceTiers = ['auto', 'default', 'flex', 'scale', 'priority'] as const
