// Writes the types of an OpenAPI document: `npm run generate -- <openapi.json> <output.ts>`.
//
// `cargo contract generate` calls it; nobody else needs to. A program of its own rather than the
// openapi-typescript command, because the output must announce itself and be the same byte for byte
// wherever it is made: relative paths are those of the caller, not of this folder.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import openapiTS, { astToString } from "openapi-typescript";

const HEADER = `// Generated from api-spec/openapi.json by \`cargo contract generate\`. Do not edit.

`;

const [specPath, outputPath, ...rest] = process.argv.slice(2);
if (specPath === undefined || outputPath === undefined || rest.length > 0) {
  console.error("usage: npm run generate -- <openapi.json> <output.ts>");
  process.exit(2);
}

// npm runs scripts in the package's folder and keeps the caller's in INIT_CWD.
const caller = process.env.INIT_CWD ?? process.cwd();
const spec = JSON.parse(await readFile(resolve(caller, specPath), "utf8"));

const nodes = await openapiTS(spec, {
  // A property with a default may be left out of a request, and stays optional.
  defaultNonNullable: false,
  // `Task` instead of `components["schemas"]["Task"]`.
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  silent: true,
});

await writeFile(resolve(caller, outputPath), HEADER + astToString(nodes));
