// SPDX-License-Identifier: Apache-2.0
// Prints Khronos' validator's report of each GLB given as an argument, as one JSON list.
import { readFileSync } from 'node:fs';
import validator from 'gltf-validator';

const reports = [];
for (const path of process.argv.slice(2)) {
	const report = await validator.validateBytes(new Uint8Array(readFileSync(path)), { maxIssues: 20 });
	reports.push({ path, errors: report.issues.numErrors, warnings: report.issues.numWarnings, messages: report.issues.messages, info: report.info });
}
console.log(JSON.stringify(reports));
