// SPDX-License-Identifier: Apache-2.0
import { localTargets } from '../src/targets/target.ts'
import { describeContract } from './suite/contract.ts'

for (const name of localTargets) describeContract(name)
