import { renameSync, rmSync } from "node:fs";
import { buildBundles } from "./bundles.ts";
import { generateValidators } from "./validators.ts";

await generateValidators();
// Built aside, so that whoever runs the program meanwhile finds one that is whole.
const aside = `dist.${process.pid}.tmp`;
try {
  await buildBundles(aside);
  rmSync("dist", { recursive: true, force: true });
  renameSync(aside, "dist");
} finally {
  rmSync(aside, { recursive: true, force: true });
}
