import { configFile, registryFile } from "../schema/validators.js";
import type { DocumentSchema } from "./document.ts";
import type { WrittenConfig, WrittenRegistry } from "./written.ts";

/** What a `delegate.config.json` must look like. */
export const configSchema: DocumentSchema<WrittenConfig> = {
  accepts: (value): value is WrittenConfig => configFile(value),
  errors: () => configFile.errors ?? [],
};

/** What a registry must look like. */
export const registrySchema: DocumentSchema<WrittenRegistry> = {
  accepts: (value): value is WrittenRegistry => registryFile(value),
  errors: () => registryFile.errors ?? [],
};
